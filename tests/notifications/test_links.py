import pytest

from notifications.addresses import BadAddress
from notifications.links import ReplyTag, answer_url, feed_url, read_reply_address, reply_address

TOKEN = "k7q2m5xf3hztk7q2m5xf3hztab"


def test_the_link_is_built_from_the_configured_address() -> None:
    assert answer_url("https://dondoc.example/", TOKEN) == f"https://dondoc.example/t/{TOKEN}"
    assert feed_url("https://dondoc.example", TOKEN) == f"https://dondoc.example/lich/{TOKEN}.ics"


def test_a_reply_address_can_be_read_back_whatever_its_case() -> None:
    address = reply_address("tra-loi@giamsat.example", "GS14-05", TOKEN)
    assert address == f"tra-loi+gs14-05.{TOKEN}@giamsat.example"
    assert read_reply_address(address.upper()) == ReplyTag("gs14-05", TOKEN)


@pytest.mark.parametrize("code", ["GS14 05", "GS14\r\n", "Mã-05"])
def test_a_code_that_no_address_can_hold_is_refused(code: str) -> None:
    with pytest.raises(BadAddress):
        reply_address("tra-loi@giamsat.example", code, TOKEN)


@pytest.mark.parametrize(
    "address",
    ["tra-loi@giamsat.example", f"tra-loi+gs14-05.{TOKEN[:-1]}@h.example", f"tra-loi+.{TOKEN}@h.example", ""],
)
def test_an_address_without_a_whole_token_says_nothing(address: str) -> None:
    assert read_reply_address(address) is None
