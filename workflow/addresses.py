"""What counts as a mail address, refused where it is typed: long before 08:00."""

import re

from workflow.errors import InputWrong

# One plain mailbox in ASCII: what every relay takes. Quoted local parts are refused on purpose.
PLAIN = re.compile(
    r"[A-Za-z0-9_'+-]+(\.[A-Za-z0-9_'+-]+)*@[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*"
)
LONGEST = 254


def check(email: str) -> str:
    """Refused with what to write instead: a relay without SMTPUTF8 would say no at eight o'clock."""
    if len(email) <= LONGEST and PLAIN.fullmatch(email):
        return email
    if not email.isascii():
        raise InputWrong(field="email", value=email[:80], why=_beyond_ascii(email))
    why = {
        "vi": "Địa chỉ không hợp lệ, ví dụ đúng: vanthu@sct.example.",
        "en": "Not an address; for example: vanthu@sct.example.",
    }
    raise InputWrong(field="email", value=email[:80], why=why)


def _beyond_ascii(email: str) -> dict[str, str]:
    local, _, domain = email.partition("@")
    try:
        coded = domain.encode("idna").decode("ascii")
    except UnicodeError:
        coded = ""
    if local.isascii() and coded and PLAIN.fullmatch(f"{local}@{coded}"):
        return {
            "vi": f"Tên miền có dấu phải ghi ở dạng máy chủ thư nào cũng nhận: {local}@{coded}.",
            "en": f"Write the domain in the form every relay takes: {local}@{coded}.",
        }
    return {
        "vi": "Địa chỉ có dấu cần máy chủ hỗ trợ SMTPUTF8 ở cả hai đầu; hãy dùng địa chỉ không dấu.",
        "en": "An address beyond ASCII needs SMTPUTF8 on both ends; use an address without accents.",
    }
