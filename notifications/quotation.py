"""What somebody wrote themselves, without the mail they answered to."""

import re

from mailparser_reply import EmailReplyParser

from notifications.accents import plain

MARKERS = ("tra loi phia tren dong nay", "please answer above this line")

# The library's patterns take quadratic time on hostile text; beyond this only our own, linear ones cut.
_LIBRARY_LIMIT = 1500
_LONGEST = 200_000
_HEADER_LINES = 3  # a client may break "On ... wrote:" into so many lines
_WRITTEN = (
    ("vao ", "da viet:"),
    ("vao ", " viet:"),
    ("ngay ", " viet:"),
    ("on ", " wrote:"),
    ("luc ", " viet:"),
)
_RULES = (
    "original message",
    "thu goc",
    "tin nhan goc",
    "forwarded message",
    "thu chuyen tiep",
    "thu da chuyen tiep",
)
_FROM = ("from:", "tu:", "nguoi gui:")
_FIELDS = ("sent:", "date:", "to:", "subject:", "da gui:", "gui:", "ngay:", "den:", "toi:", "chu de:")
_RULE = re.compile("_{20,}")
_DEVICES = ("sent from my ", "duoc gui tu ", "gui tu ", "get outlook for ", "tai outlook cho ")


def own_words(text: str) -> str:
    """The answer itself; empty if there is none. Text below the quotation counts when nothing is above it."""
    lines = text[:_LONGEST].replace("\r\n", "\n").replace("\r", "\n").split("\n")
    cut = _where_the_quotation_begins(lines)
    above = _tidy(lines[:cut])
    if above:
        return _library_cut(above)
    return _tidy(_below(lines[cut:]))


def _where_the_quotation_begins(lines: list[str]) -> int:
    for at, line in enumerate(lines):
        if line.lstrip().startswith(">") or _is_signature(line) or _opens_quotation(lines, at):
            return at
    return len(lines)


def _opens_quotation(lines: list[str], at: int) -> bool:
    line = plain(lines[at][:400]).strip("*_- ")
    if any(marker in line for marker in MARKERS):
        return True
    if lines[at].lstrip().startswith("---") and line.startswith(_RULES):
        return True
    if _RULE.fullmatch(lines[at].strip()):
        return True
    return _says_who_wrote(lines, at) or (line.startswith(_FROM) and _is_header_block(lines, at))


def _says_who_wrote(lines: list[str], at: int) -> bool:
    """`Vào Th 3, 10 thg 10 … đã viết:`, on one line or broken into a few."""
    start = plain(lines[at][:400])
    if not start.startswith(("vao ", "ngay ", "on ", "luc ")):
        return False
    joined = ""
    for line in lines[at : at + _HEADER_LINES]:
        joined = f"{joined} {plain(line[:400])}".strip()
        if any(joined.startswith(head) and joined.endswith(tail) for head, tail in _WRITTEN):
            return True
    return False


def _is_header_block(lines: list[str], at: int) -> bool:
    following = [plain(line[:400]).strip("*_ ") for line in lines[at + 1 : at + 5]]
    return sum(line.startswith(_FIELDS) for line in following) >= 2


def _is_signature(line: str) -> bool:
    return line.rstrip("\n") in ("--", "-- ") or plain(line[:60]).startswith(_DEVICES)


def _below(quoted: list[str]) -> list[str]:
    """Lines after a quotation marked with `>`; a quotation without such marks has no end we could see."""
    marked = [at for at, line in enumerate(quoted) if line.lstrip().startswith(">")]
    return quoted[marked[-1] + 1 :] if marked else []


def _tidy(lines: list[str]) -> str:
    kept: list[str] = []
    for line in lines:
        if _is_signature(line):
            break
        if line.strip() or (kept and kept[-1]):
            kept.append(line.rstrip())
    return "\n".join(kept).strip()


def _library_cut(text: str) -> str:
    if len(text) > _LIBRARY_LIMIT:
        return text
    cut = EmailReplyParser(languages=["en"]).read(text=text).latest_reply
    return str(cut).strip() if cut else text
