"""What counts as a mail address, refused where it is typed: long before 08:00."""

import re

from workflow.errors import InputWrong

# One plain mailbox in ASCII: what every relay takes. Quoted local parts are refused on purpose.
PLAIN = re.compile(
    r"[A-Za-z0-9_'+-]+(\.[A-Za-z0-9_'+-]+)*@[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*"
)
LONGEST = 254


def check(email: str) -> str:
    if len(email) > LONGEST or not PLAIN.fullmatch(email):
        why = {
            "vi": "Địa chỉ không hợp lệ, ví dụ đúng: vanthu@sct.example.",
            "en": "Not an address; for example: vanthu@sct.example.",
        }
        raise InputWrong(field="email", value=email[:80], why=why)
    return email
