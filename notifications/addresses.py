import re

# One mailbox, ASCII only: what every relay takes. Quoted local parts are refused on purpose.
_LOCAL = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"{_LOCAL}@{_LABEL}(?:\.{_LABEL})*")
_LONGEST = 254
_LONGEST_LOCAL = 64


class BadAddress(ValueError):
    """Not one plain mailbox; nothing may be sent to or from it."""


def checked_address(address: str) -> str:
    """The address itself, or BadAddress: two walls stand before the wire, this is the second one."""
    fits = len(address) <= _LONGEST and len(address.partition("@")[0]) <= _LONGEST_LOCAL
    if not fits or not _ADDRESS.fullmatch(address):
        raise BadAddress(f"not an address mail can be sent to: {address[:80]!r}")
    return address
