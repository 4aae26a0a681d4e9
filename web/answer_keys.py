"""What the public answer page seals: its forms, the files it keeps for a second try, the proof of a mailbox."""

import hashlib
import hmac
import json
import secrets
from dataclasses import asdict, dataclass

from itsdangerous import BadSignature, TimestampSigner, URLSafeSerializer

from config import secret
from web.refusals import ForeignForm
from web.site import Site
from workflow.inputs import Evidence

PROOF_LASTS = 8 * 3600
WHOLE_LINK = "*"


@dataclass(frozen=True)
class FormKey:
    """`once` makes one sending of one form; `due_version` is the date its reader saw."""

    once: str
    due_version: int


def new_form_key(site: Site, token: str, code: str, due_version: int = 0) -> str:
    once = secrets.token_hex(16)
    return f"{once}.{due_version}.{_mac(site, token, code, due_version, once)[0]}"


def read_form_key(site: Site, token: str, code: str, given: str) -> FormKey:
    """Raises ForeignForm for a key that was not made for this token and this directive."""
    once, _, rest = given.partition(".")
    version, _, mac = rest.partition(".")
    if version.isdecimal() and len(version) < 9:
        macs = _mac(site, token, code, int(version), once)
        if any(hmac.compare_digest(mac.encode(), one.encode()) for one in macs):
            return FormKey(once, int(version))
    raise ForeignForm


def _mac(site: Site, token: str, code: str, due_version: int, once: str) -> list[str]:
    message = json.dumps([token, code, due_version, once]).encode()
    keys = secret.keys(site.settings, "answer form")
    return [hmac.digest(key, message, hashlib.sha256).hex() for key in keys]


def seal_file(site: Site, link_id: int, evidence: Evidence) -> str:
    return str(_serializer(site, link_id).dumps(asdict(evidence)))


def open_file(site: Site, link_id: int, sealed: str) -> Evidence | None:
    """The file as it was kept; None for a seal that is not ours, or another link's."""
    try:
        return Evidence(**_serializer(site, link_id).loads(sealed))
    except BadSignature:
        return None


def _serializer(site: Site, link_id: int) -> URLSafeSerializer:
    keys = list(reversed(secret.keys(site.settings, "held file")))
    return URLSafeSerializer(keys, salt=str(link_id))


def proof(site: Site, link_id: int) -> str:
    return _signer(site).sign(str(link_id)).decode()


def is_proof(site: Site, link_id: int, given: str | None) -> bool:
    try:
        return given is not None and _signer(site).unsign(given, max_age=PROOF_LASTS) == str(link_id).encode()
    except BadSignature:
        return False


def _signer(site: Site) -> TimestampSigner:
    return TimestampSigner(list(reversed(secret.keys(site.settings, "mailbox proof"))))
