import pytest

from notifications.addresses import BadAddress
from notifications.links import (
    ReplyTag,
    answer_url,
    clean_token,
    new_token,
    read_reply_address,
    reply_address,
    token_hash,
)

TOKEN = "k7q2m5xf3hztk7q2m5xf3hztab"


def test_tokens_are_long_and_never_the_same() -> None:
    tokens = {new_token() for _ in range(1000)}
    assert len(tokens) == 1000
    assert all(clean_token(token) == token for token in tokens)


def test_what_is_stored_does_not_give_the_token_away() -> None:
    assert TOKEN not in token_hash(TOKEN)
    assert len(token_hash(TOKEN)) == 64
    assert token_hash(TOKEN) != token_hash(TOKEN[:-1] + "c")


def test_a_token_survives_capitals_hyphens_and_line_breaks() -> None:
    assert clean_token(f" {TOKEN[:4].upper()}-{TOKEN[4:10]}\r\n{TOKEN[10:]} ") == TOKEN


@pytest.mark.parametrize(
    "text", ["", TOKEN[:-1], TOKEN + "a", TOKEN[:-1] + "1", TOKEN[:-1] + "é", "../" + TOKEN]
)
def test_what_cannot_be_a_token_is_none(text: str) -> None:
    assert clean_token(text) is None


def test_the_link_is_built_from_the_configured_address() -> None:
    assert answer_url("https://dondoc.example/", TOKEN) == f"https://dondoc.example/t/{TOKEN}"


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
