"""What counts as a mail address, said where it is typed."""

import pytest

from workflow import addresses
from workflow.errors import InputWrong


@pytest.mark.parametrize("email", ["vanthu@sct.example", "van.thu+1@so-cong-thuong.example", "a@b"])
def test_a_plain_mailbox_is_taken_as_written(email: str) -> None:
    assert addresses.check(email) == email


@pytest.mark.parametrize(
    "email",
    [
        "a@b.vn\r\nBcc: x@y",
        '"a\r\n"@b',
        "a@b,c@d",
        "a@b@c",
        "a" * 255 + "@b.vn",
        "a@b.vn.",
        "",
        "a b@c",
        ".a@b",
    ],
)
def test_anything_else_is_refused(email: str) -> None:
    with pytest.raises(InputWrong, match="Not an address"):
        addresses.check(email)


def test_a_domain_with_accents_is_answered_with_the_form_to_write() -> None:
    with pytest.raises(InputWrong, match=r"vanthu@xn--[a-z0-9-]+\.example"):
        addresses.check("vanthu@sở-công-thương.example")


@pytest.mark.parametrize("email", ["vănthư@sct.example", "vanthu@sct.example\u202e", "ở@ở"])
def test_what_no_relay_surely_takes_is_told_now_and_not_when_mails_go(email: str) -> None:
    with pytest.raises(InputWrong, match="SMTPUTF8"):
        addresses.check(email)
