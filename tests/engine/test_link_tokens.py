import pytest

from workflow.link_tokens import Purpose, clean_token, derive, new_salt, recover, token_hash

TOKEN = "k7q2m5xf3hztk7q2m5xf3hztab"
OLD, NEW = b"an old key of this installation", b"a new key of this installation"


def test_tokens_are_long_and_never_the_same() -> None:
    tokens = {derive(NEW, Purpose.ANSWER, new_salt()) for _ in range(1000)}
    assert len(tokens) == 1000
    assert all(clean_token(token) == token for token in tokens)


def test_one_salt_gives_one_token_for_each_key_and_purpose() -> None:
    salt = new_salt()
    assert derive(NEW, Purpose.ANSWER, salt) == derive(NEW, Purpose.ANSWER, salt)
    others = {derive(OLD, Purpose.ANSWER, salt), derive(NEW, Purpose.CALENDAR, salt)}
    assert derive(NEW, Purpose.ANSWER, salt) not in others
    assert len(others) == 2


def test_what_is_stored_does_not_give_the_token_away() -> None:
    salt = new_salt()
    token = derive(NEW, Purpose.ANSWER, salt)
    digest = token_hash(token)
    assert token not in digest + salt
    assert recover([OLD], Purpose.ANSWER, salt, digest) is None


def test_a_rotated_key_still_recovers_its_links() -> None:
    salt = new_salt()
    token = derive(OLD, Purpose.ANSWER, salt)
    assert recover([NEW, OLD], Purpose.ANSWER, salt, token_hash(token)) == token


def test_a_token_survives_capitals_hyphens_and_line_breaks() -> None:
    assert clean_token(f" {TOKEN[:4].upper()}-{TOKEN[4:10]}\r\n{TOKEN[10:]} ") == TOKEN


@pytest.mark.parametrize(
    "text", ["", TOKEN[:-1], TOKEN + "a", TOKEN[:-1] + "1", TOKEN[:-1] + "é", "../" + TOKEN]
)
def test_what_cannot_be_a_token_is_none(text: str) -> None:
    assert clean_token(text) is None
