"""The name of a file as it is shown and offered for download: the file itself lies under a random one."""

import re
import unicodedata

from workflow.lookalikes import is_hidden

LONGEST = 200
LONGEST_ENDING = 12
NAMELESS = "tep-khong-ten"
_NOT_IN_NAMES = re.compile(r'[<>:"|?*]')
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)", re.IGNORECASE)


def clean(name: str) -> str:
    """One line that every system can save: without folders, marks nobody sees, or a device's name.

    What is too long loses its middle, never its ending: `.docx` still says what it is.
    """
    last = re.split(r"[/\\]", name)[-1]
    seen = "".join(
        " " if char in "\r\n\t" else char for char in last if char in "\r\n\t" or not is_hidden(char)
    )
    plain = _NOT_IN_NAMES.sub("_", unicodedata.normalize("NFC", " ".join(seen.split()))).strip(". ")
    kept = f"_{plain}" if _DEVICES.match(plain) else plain
    return _shortened(kept) or NAMELESS


def _shortened(name: str) -> str:
    if len(name) <= LONGEST:
        return name
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > LONGEST_ENDING:
        return name[: LONGEST - 1] + "…"
    return f"{stem[: LONGEST - len(ending) - 2]}…{dot}{ending}"
