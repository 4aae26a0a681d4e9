"""A real OpenID provider on a socket: it vouches for whomever a test names, rightly or as a test wants it wrong."""

import base64
import hashlib
import hmac
import json
import secrets
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

Change = Callable[[dict[str, Any]], Any]
CLIENT, SECRET = "dondoc", "a-secret-between-two"


class Provider:
    """`subject` is who sits at the browser; the changes bend what would be right."""

    def __init__(self) -> None:
        self.subject = "u-4711"
        self.key = RSAKey.generate_key(parameters={"kid": "one"})
        self.published: RSAKey | None = None
        self.algorithm = "RS256"
        self.claims: Change = lambda claims: claims
        self.facts: Change = lambda facts: facts
        self.codes: dict[str, dict[str, str]] = {}
        self.asked: list[str] = []
        provider = self

        class Answers(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                provider.answer(self, "")

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", "0"))).decode()
                provider.answer(self, body)

            def log_message(self, format: str, *args: object) -> None:
                """Quiet: tests read `asked`."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
        self.issuer = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)
        self.thread.start()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def answer(self, request: BaseHTTPRequestHandler, body: str) -> None:
        path, query = urlsplit(request.path).path, _first(urlsplit(request.path).query)
        self.asked.append(path)
        if path == "/authorize":
            self._redirect(request, query)
            return
        status, content = 200, dict[str, Any]()
        if path == "/.well-known/openid-configuration":
            content = self.facts(self._facts())
        elif path == "/jwks":
            content = {"keys": [(self.published or self.key).as_dict(private=False)]}
        elif path == "/token":
            status, content = self._token(request.headers.get("authorization", ""), _first(body))
        else:
            status = 404
        self._send(request, status, content)

    def _facts(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/jwks",
            "end_session_endpoint": f"{self.issuer}/out",
        }

    def _redirect(self, request: BaseHTTPRequestHandler, query: dict[str, str]) -> None:
        code = secrets.token_urlsafe(8)
        self.codes[code] = query
        request.send_response(302)
        back = urlencode({"code": code, "state": query["state"], "iss": self.issuer})
        request.send_header("Location", f"{query['redirect_uri']}?{back}")
        request.end_headers()

    def _token(self, authorization: str, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """As RFC 6749 and RFC 7636 ask: the client, the code once, the address and the verifier of its own question."""
        asked = self.codes.pop(form.get("code", ""), None)
        known = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if authorization != f"Basic {known}":
            return 401, {"error": "invalid_client"}
        challenge = _plain(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        if (
            asked is None
            or asked["code_challenge"] != challenge
            or asked["redirect_uri"] != form.get("redirect_uri")
        ):
            return 400, {"error": "invalid_grant"}
        return 200, {"access_token": "t", "token_type": "Bearer", "id_token": self._id_token(asked["nonce"])}

    def _id_token(self, nonce: str) -> str:
        now = int(time.time())
        claims = {
            "iss": self.issuer, "sub": self.subject, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": nonce,
        }  # fmt: skip
        bent = self.claims(claims)
        if self.algorithm == "RS256":
            return jwt.encode({"alg": "RS256", "kid": "one"}, bent, self.key)
        return self._by_hand(bent)

    def _by_hand(self, claims: dict[str, Any]) -> str:
        """What no library signs any more: with nothing, or with the public key taken for a shared secret."""
        text = f"{_packed({'alg': self.algorithm, 'kid': 'one'})}.{_packed(claims)}"
        if self.algorithm == "none":
            return f"{text}."
        mac = hmac.digest(self.key.as_pem(private=False), text.encode(), "sha256")
        return f"{text}.{_plain(mac)}"

    def _send(self, request: BaseHTTPRequestHandler, status: int, content: object) -> None:
        body = json.dumps(content).encode()
        request.send_response(status)
        request.send_header("Content-Type", "application/json")
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)


def _packed(content: dict[str, Any]) -> str:
    return _plain(json.dumps(content).encode())


def _plain(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def _first(query: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(query).items()}
