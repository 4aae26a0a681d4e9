"""A browser's way to the site's OpenID provider and back, and what that way must bring."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import ClassVar

from workflow.errors import WorkflowError

BACK = "/dang-nhap/ngoai/ve"


class TripRefused(WorkflowError):
    """One sentence for what was forged, is too old, came twice or began in another browser."""

    sentences: ClassVar[dict[str, str]] = {
        "vi": "Lần đăng nhập qua {provider} này không còn giá trị. Bắt đầu lại trên trang này.",
        "en": "This sign-in through {provider} is no longer valid. Start again on this page.",
    }
    http_status = 422


@dataclass(frozen=True)
class Trip:
    """One browser's way to the provider and back, kept sealed in that browser only."""

    state: str
    nonce: str
    verifier: str
    wanted: str

    @classmethod
    def new(cls, wanted: str) -> "Trip":
        return cls(secrets.token_urlsafe(24), secrets.token_urlsafe(24), secrets.token_urlsafe(48), wanted)

    @classmethod
    def unpacked(cls, text: str) -> "Trip":
        return cls(**json.loads(text))

    def packed(self) -> str:
        return json.dumps(asdict(self))

    def fits(self, answer: Mapping[str, str], issuer: str) -> bool:
        """The answer to this question, and from whom it was asked (RFC 9207)."""
        is_ours = secrets.compare_digest(self.state.encode(), answer.get("state", "").encode())
        return is_ours and answer.get("iss", issuer) == issuer
