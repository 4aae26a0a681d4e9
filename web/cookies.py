"""The cookies: who is signed in, what was just done, which form is ours. Sealed, short, unreadable by scripts."""

import base64
import hashlib
import hmac
import json
import secrets

from itsdangerous import BadSignature, TimestampSigner
from starlette.requests import Request
from starlette.responses import Response

from web.look import DENSITY_COOKIE, LANGUAGE_COOKIE, PAPER_COOKIE, THEME_COOKIE, YEAR, Look
from web.site import Site

IDLE = 8 * 3600
MINUTES_10 = 600


class Cookies:
    def __init__(self, site: Site) -> None:
        self.site = site
        self.prefix = "__Host-" if site.is_secure else ""
        self.signer = TimestampSigner(list(reversed(site.settings.secret_keys)), salt="dondoc.sign-in")

    @property
    def sign_in(self) -> str:
        return f"{self.prefix}dondoc"

    @property
    def browser(self) -> str:
        return f"{self.prefix}dondoc_browser"

    @property
    def outside(self) -> str:
        return f"{self.prefix}dondoc_outside"

    @property
    def said(self) -> str:
        return f"{self.prefix}dondoc_said"

    def token(self, request: Request) -> str | None:
        """The sign-in token, unless the browser was idle for too long."""
        sealed = request.cookies.get(self.sign_in)
        try:
            return self.signer.unsign(sealed, max_age=IDLE).decode() if sealed else None
        except BadSignature:
            return None

    def remember(self, response: Response, token: str) -> None:
        """Sealed anew with every page: idleness counts from the last one."""
        self._set(response, self.sign_in, self.signer.sign(token).decode(), None)

    def forget(self, response: Response) -> None:
        self._set(response, self.sign_in, "", 0)

    def mark(self, request: Request) -> str:
        """What makes this browser this browser before anybody signed in."""
        return request.cookies.get(self.browser) or secrets.token_urlsafe(16)

    def keep_mark(self, response: Response, mark: str) -> None:
        self._set(response, self.browser, mark, 30 * 24 * 3600)

    def form_key(self, whose: str) -> str:
        return self._form_keys(whose)[0]

    def is_form_key(self, given: str, whose: str) -> bool:
        return any(hmac.compare_digest(given.encode(), key.encode()) for key in self._form_keys(whose))

    def _form_keys(self, whose: str) -> list[str]:
        message = f"dondoc.form:{whose}".encode()
        keys = self.site.settings.secret_keys
        return [hmac.new(key.encode(), message, hashlib.sha256).hexdigest() for key in keys]

    def tell(self, response: Response, sentences: dict[str, str]) -> None:
        """One sentence for the next page, after an act."""
        packed = base64.urlsafe_b64encode(json.dumps(sentences, ensure_ascii=False).encode()).decode()
        self._set(response, self.said, self.signer.sign(packed).decode(), MINUTES_10)

    def told(self, request: Request) -> dict[str, str] | None:
        sealed = request.cookies.get(self.said)
        try:
            packed = self.signer.unsign(sealed, max_age=MINUTES_10) if sealed else None
        except BadSignature:
            return None
        return dict(json.loads(base64.urlsafe_b64decode(packed))) if packed else None

    def trip(self, request: Request) -> str | None:
        """What this browser must bring back from the OpenID provider, unless it stayed there too long."""
        kept = request.cookies.get(self.outside)
        try:
            return self.signer.unsign(kept, max_age=MINUTES_10).decode() if kept else None
        except BadSignature:
            return None

    def keep_trip(self, response: Response, sealed: str) -> None:
        """Nothing to keep: forgotten."""
        kept = self.signer.sign(sealed).decode() if sealed else ""
        self._set(response, self.outside, kept, MINUTES_10 if sealed else 0)

    def told_once(self, response: Response) -> None:
        self._set(response, self.said, "", 0)

    def keep_look(self, response: Response, look: Look) -> None:
        if look.chosen_locale:
            self._set(response, LANGUAGE_COOKIE, look.chosen_locale, YEAR)
        if look.chosen_theme:
            self._set(response, THEME_COOKIE, look.chosen_theme, YEAR)

        if look.chosen_paper:
            self._set(response, PAPER_COOKIE, look.chosen_paper, YEAR)
        if look.chosen_density:
            self._set(response, DENSITY_COOKIE, look.chosen_density, YEAR)

    def _set(self, response: Response, name: str, value: str, max_age: int | None) -> None:
        response.set_cookie(
            name, value, max_age=max_age, path="/", secure=self.site.is_secure, httponly=True, samesite="lax"
        )
