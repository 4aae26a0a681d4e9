"""A form sent twice, by a double click, the back button or a time-out, is one act.

Every form carries a word of its own. It is claimed in the transaction of the act, so a refused act leaves it free.
"""

from hashlib import sha256
from urllib.parse import urlsplit

from fastapi import Request

from web.form import Form
from workflow.idempotency import Claim

FIELD = "form_word"
OWN = "once"
BESIDE = (FIELD, "form_key")


class AlreadyDone(Exception):
    """The same form was sent before and did its work; nothing was done again."""


def claim_of(whose: str, path: str, form: Form) -> Claim | None:
    """None for a form without its word, or one that sees to it itself. With other contents it is another act."""
    word = form.text(FIELD)
    if not word or form.text(OWN):
        return None
    said = repr(sorted((name, values) for name, values in form.values.items() if name not in BESIDE))
    files = repr([(one.field, one.name, sha256(one.content).hexdigest()) for one in form.uploads])
    content = sha256(f"{path}\n{said}\n{files}".encode("utf-8", "surrogatepass")).hexdigest()
    owner = sha256(whose.encode()).hexdigest()
    return Claim(f"form:{owner}", f"{word[:60]}:{content}", b"")


def way_back(request: Request) -> str:
    """The page the form stood on, as far as the browser says; it shows what the first one did."""
    came_from = urlsplit(request.headers.get("referer", ""))
    is_ours = came_from.netloc == request.headers.get("host") and came_from.path.startswith("/")
    return came_from.path if is_ours and not came_from.path.startswith("//") else "/"
