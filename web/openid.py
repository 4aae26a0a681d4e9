"""The site's own OpenID provider: where a browser is sent, and who came back.

Authorization code with PKCE. Every address asked is named by the issuer in the settings, none by a visitor.
Signature, issuer, audience, times and nonce of the ID token are checked by the library.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from urllib.parse import urlencode, urlsplit

import httpx2
import structlog
from authlib.common.errors import AuthlibBaseError  # type: ignore[import-untyped]
from authlib.integrations.httpx_client import OAuth2Client  # type: ignore[import-untyped]
from authlib.oidc.core import CodeIDToken  # type: ignore[import-untyped]
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from config.settings import Settings
from web.trips import BACK, Trip, TripRefused
from workflow.errors import WorkflowError

log = structlog.get_logger("web")
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]
"""Only those whose key the provider keeps to itself: a public key is never taken for a shared secret."""
SECONDS = 5.0
LEEWAY = 60


class ProviderAway(WorkflowError):
    """The provider does not answer, or not as one; the log knows more."""

    sentences: ClassVar[dict[str, str]] = {
        "vi": "Chưa đăng nhập được qua {provider}: nơi đó không trả lời đúng. Thử lại, hoặc dùng mã gửi qua thư.",
        "en": "Signing in through {provider} failed: it did not answer as it should. Try again, or use a mailed code.",
    }
    http_status = 503


@dataclass(frozen=True)
class Outsider:
    """Somebody the provider vouches for; whether we know them is another question."""

    issuer: str
    subject: str


class Provider:
    """As the settings name it; its document is read anew for each sign-in, so a new key counts at once."""

    def __init__(self, settings: Settings) -> None:
        assert settings.oidc_issuer
        assert settings.oidc_client_id
        self.settings, self.issuer, self.client_id = settings, settings.oidc_issuer, settings.oidc_client_id

    def way_there(self, trip: Trip) -> str:
        facts = self._facts()
        with self._client(facts) as client:
            address, _ = client.create_authorization_url(
                self._endpoint(facts, "authorization_endpoint"),
                state=trip.state,
                nonce=trip.nonce,
                code_verifier=trip.verifier,
            )
        return str(address)

    def who_came(self, trip: Trip, code: str, now: datetime) -> Outsider:
        facts = self._facts()
        given = self._tokens(facts, trip, code)
        keys = self._read(self._endpoint(facts, "jwks_uri"))
        try:
            signed = jwt.decode(str(given.get("id_token", "")), KeySet.import_key_set(keys), ALGORITHMS)  # type: ignore[arg-type]
            claims = CodeIDToken(signed.claims, signed.header, self._wanted(), self._asked(trip, given))
            claims.validate(int(now.timestamp()), LEEWAY)
        except (JoseError, AuthlibBaseError, ValueError, TypeError, KeyError) as error:
            log.warning("openid_token_refused", why=type(error).__name__, claim=getattr(error, "claim", None))
            raise TripRefused(provider=self.settings.oidc_name) from None
        return Outsider(self.issuer, str(claims["sub"]))

    def way_out(self) -> str | None:
        """Where the provider itself signs people out, if it has such a place."""
        facts = self._facts()
        if "end_session_endpoint" not in facts:
            return None
        back = {
            "client_id": self.client_id,
            "post_logout_redirect_uri": f"{self.settings.base_url}/dang-nhap",
        }
        return f"{self._endpoint(facts, 'end_session_endpoint')}?{urlencode(back)}"

    def _tokens(self, facts: dict[str, Any], trip: Trip, code: str) -> dict[str, Any]:
        endpoint = self._endpoint(facts, "token_endpoint")
        try:
            with self._client(facts) as client:
                return dict(client.fetch_token(endpoint, code=code, code_verifier=trip.verifier))
        except AuthlibBaseError as error:
            log.warning("openid_code_refused", why=error.error)
            raise TripRefused(provider=self.settings.oidc_name) from None
        except (httpx2.HTTPError, ValueError, TypeError) as error:
            raise self._away(error) from None

    def _client(self, facts: dict[str, Any]) -> Any:
        return OAuth2Client(
            self.client_id, self.settings.oidc_client_secret,
            token_endpoint_auth_method=self._method(facts), scope="openid",
            redirect_uri=f"{self.settings.base_url}{BACK}", code_challenge_method="S256",
            timeout=SECONDS, follow_redirects=False,
        )  # fmt: skip

    def _method(self, facts: dict[str, Any]) -> str:
        if not self.settings.oidc_client_secret:
            return "none"
        offered = facts.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        return "client_secret_basic" if "client_secret_basic" in offered else "client_secret_post"

    def _wanted(self) -> dict[str, Any]:
        return {
            "iss": {"essential": True, "value": self.issuer},
            "aud": {"essential": True, "value": self.client_id},
            "sub": {"essential": True},
        }

    def _asked(self, trip: Trip, given: dict[str, Any]) -> dict[str, Any]:
        return {
            "nonce": trip.nonce,
            "client_id": self.client_id,
            "access_token": given.get("access_token"),
        }

    def _facts(self) -> dict[str, Any]:
        """The provider's document about itself; one of another issuer is none."""
        facts = self._read(f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
        if facts.get("issuer") != self.issuer:
            raise self._away(ValueError(f"issuer {str(facts.get('issuer'))[:100]!r}"))
        return facts

    def _endpoint(self, facts: dict[str, Any], name: str) -> str:
        """Encrypted, or on the very place the operator named."""
        address = facts.get(name)
        if not isinstance(address, str) or not (
            urlsplit(address).scheme == "https" or _place(address) == _place(self.issuer)
        ):
            raise self._away(ValueError(name))
        return address

    def _read(self, address: str) -> dict[str, Any]:
        try:
            answer = httpx2.get(address, timeout=SECONDS, follow_redirects=False)
            answer.raise_for_status()
            return dict(answer.json())
        except (httpx2.HTTPError, ValueError, TypeError) as error:
            raise self._away(error) from None

    def _away(self, error: Exception) -> ProviderAway:
        log.warning("openid_away", issuer=self.issuer, error=f"{type(error).__name__}: {error}"[:300])
        return ProviderAway(provider=self.settings.oidc_name)


def _place(address: str) -> tuple[str, str]:
    parts = urlsplit(address)
    return parts.scheme, parts.netloc
