"""Mail that no person wrote: it never changes anything and is never answered."""

from email.message import EmailMessage

from notifications.accents import plain

_PRECEDENCE = ("bulk", "junk", "list", "auto_reply")
_ROBOTS = ("mailer-daemon", "postmaster", "no-reply", "noreply")
_REPLY_HEADERS = ("X-Autoreply", "X-Autorespond", "X-Autoresponder", "X-Auto-Reply-From", "X-Dondoc-Ma")
_SUBJECTS = ("automatic reply:", "auto:", "out of office", "tra loi tu dong", "vang mat:")


def automatic_reason(message: EmailMessage, envelope_sender: str | None = None) -> str | None:
    """Why this mail is automatic, or None. A sender's X-Auto-Response-Suppress does not make it so:
    some offices put it on every mail their people write."""
    if _first_word(message, "Auto-Submitted") not in ("", "no"):
        return "auto_submitted"
    if message.get_content_type() in ("multipart/report", "message/delivery-status"):
        return "report"
    if _null_sender(message, envelope_sender):
        return "null_sender"
    if _first_word(message, "Precedence") in _PRECEDENCE:
        return "precedence"
    if any(header_text(message, name) for name in _REPLY_HEADERS):
        return "autoreply_header"
    if header_text(message, "From").lower().rpartition("<")[2].startswith(_ROBOTS):
        return "robot"
    if plain(header_text(message, "Subject")).startswith(_SUBJECTS):
        return "subject"
    return None


def header_text(message: EmailMessage, name: str) -> str:
    """The header as text; a header too broken for the library to read is as good as none."""
    try:
        return str(message.get(name, "")).strip()
    except (ValueError, IndexError, AttributeError, TypeError, LookupError):
        return ""


def _first_word(message: EmailMessage, name: str) -> str:
    return header_text(message, name).lower().partition(";")[0].partition(" ")[0].strip()


def _null_sender(message: EmailMessage, envelope_sender: str | None) -> bool:
    if envelope_sender is not None:
        return envelope_sender in ("", "<>")
    return header_text(message, "Return-Path") == "<>"
