from collections.abc import Iterator
from contextlib import ExitStack, closing
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import certifi
import pytest

from config.relays import BadChannel, parse_relay
from notifications.channels import Fate, Outcome
from notifications.smtp import SmtpChannel, on_the_wire, parse_channel
from tests.notifications.relay import (
    CERTIFICATE,
    CUT,
    HANG,
    Careless,
    Relay,
    only_the_right_password,
    running,
    server_tls,
)
from tests.servers.turns import Wire

SENDER = "tra-ve+k7q2@giamsat.example"
ADA = "ada@sct.example"
DATA = b"Subject: mot hai ba\r\n\r\n.dong co dau cham\r\n"


class Servers(ExitStack):
    pipeline = False


@pytest.fixture(params=["in turn", "in one flight"])
def servers(request: pytest.FixtureRequest) -> Iterator[Servers]:
    """Relays that take commands one by one, and relays that take several at once: an outcome is the same."""
    with Servers() as stack:
        stack.pipeline = request.param == "in one flight"
        yield stack


def started(servers: Servers, relay: Relay, **options: Any) -> Relay:
    relay.pipelines = servers.pipeline
    return servers.enter_context(running(relay, **options))


def channel(relay: Relay, query: str = "", user: str = "", **timeouts: Any) -> SmtpChannel:
    parsed = parse_relay(f"smtp://{user}127.0.0.1:{relay.port}{query}")
    return replace(SmtpChannel(parsed), **timeouts)


def sent(relay: Relay, data: bytes = DATA, recipient: str = ADA, **timeouts: Any) -> Outcome:
    with channel(relay, **timeouts).open() as connection:
        return connection.send(SENDER, recipient, data)


def test_a_mail_is_handed_over_byte_for_byte(servers: Servers) -> None:
    relay = started(servers, Relay())
    outcome = sent(relay)
    assert outcome.fate is Fate.HANDED_OVER
    assert outcome.code == 250
    assert relay.accepted == [(SENDER, ADA, DATA)]


@pytest.mark.parametrize(("pipelines", "turns"), [(False, 4), (True, 2)])
def test_a_relay_that_takes_commands_at_once_is_waited_for_twice_a_mail(pipelines: bool, turns: int) -> None:
    with running(Relay(pipelines=pipelines)) as relay, closing(Wire(relay.port)) as wire:
        relay.port = wire.port
        with channel(relay).open() as connection:
            connection.send(SENDER, ADA, DATA)
            before = wire.turns
            assert connection.send(SENDER, ADA, DATA).fate is Fate.HANDED_OVER
            assert wire.turns - before == turns


def test_a_relay_that_takes_text_for_nobody_gets_none() -> None:
    relay = Careless(["550 unknown", "250 ok"])
    with SmtpChannel(parse_relay(f"smtp://127.0.0.1:{relay.port}?starttls=never")).open() as connection:
        refused = connection.send(SENDER, "nobody@sct.example", DATA)
        taken = connection.send(SENDER, ADA, DATA)
    assert (refused.fate, refused.code) == (Fate.REJECTED, 550)
    assert (taken.fate, taken.text) == (Fate.HANDED_OVER, "taken")
    texts = [relay.heard[place + 1] for place, line in enumerate(relay.heard) if line == b"DATA"]
    assert texts == [b"", DATA.replace(b"\r\n.", b"\r\n..")]


def test_one_connection_carries_many_mails(servers: Servers) -> None:
    relay = started(servers, Relay())
    with channel(relay).open() as connection:
        fates = {connection.send(SENDER, ADA, DATA).fate for _ in range(20)}
    assert fates == {Fate.HANDED_OVER}
    assert (len(relay.accepted), relay.connections) == (20, 1)


@pytest.mark.parametrize(
    ("answers", "fate", "code"),
    [
        ({"rcpt": ["450 4.2.1 mailbox busy"]}, Fate.NOT_ACCEPTED, 450),
        ({"data": ["451 4.3.0 try again"]}, Fate.NOT_ACCEPTED, 451),
        ({"rcpt": ["550 5.1.1 no such person"]}, Fate.REJECTED, 550),
        ({"data": ["554 5.6.0 not wanted"]}, Fate.REJECTED, 554),
        ({"mail": ["421 4.3.2 closing"]}, Fate.NOT_ACCEPTED, 421),
        ({"data": ["421 4.3.2 closing"]}, Fate.NOT_ACCEPTED, 421),
        ({"mail": ["550 5.7.1 this sender may not use the relay"]}, Fate.CHANNEL_FAULT, 550),
        ({"rcpt": ["530 5.7.0 authentication required"]}, Fate.CHANNEL_FAULT, 530),
        ({"rcpt": [CUT]}, Fate.NOT_ACCEPTED, None),
    ],
)
def test_every_refusal_has_its_fate(
    servers: Servers, answers: dict[str, Any], fate: Fate, code: int | None
) -> None:
    relay = started(servers, Relay(**deepcopy(answers)))
    outcome = sent(relay)
    assert (outcome.fate, outcome.code) == (fate, code)
    assert relay.accepted == []


@pytest.mark.parametrize("refusal", ["450 busy", "550 nobody", "421 closing"])
def test_the_next_mail_goes_out_after_a_refusal(servers: Servers, refusal: str) -> None:
    relay = started(servers, Relay(rcpt=[refusal]))
    with channel(relay).open() as connection:
        connection.send(SENDER, "ben@sct.example", DATA)
        assert connection.send(SENDER, ADA, DATA).fate is Fate.HANDED_OVER
    assert [recipient for _, recipient, _ in relay.accepted] == [ADA]


def test_a_cut_after_the_final_dot_is_ambiguous_and_the_same_bytes_go_again(servers: Servers) -> None:
    relay = started(servers, Relay(data=[CUT]))
    with channel(relay).open() as connection:
        assert connection.send(SENDER, ADA, DATA).fate is Fate.AMBIGUOUS
        assert connection.send(SENDER, ADA, DATA).fate is Fate.HANDED_OVER
    assert [content for _, _, content in relay.accepted] == [DATA, DATA]


def test_a_relay_that_never_says_the_last_word_leaves_the_mail_ambiguous(servers: Servers) -> None:
    relay = started(servers, Relay(data=[HANG]))
    outcome = sent(relay, final_dot_timeout=0.2)
    assert outcome.fate is Fate.AMBIGUOUS
    assert relay.accepted


def test_a_slow_relay_before_the_data_costs_nothing(servers: Servers) -> None:
    relay = started(servers, Relay(rcpt=[HANG]))
    assert sent(relay, command_timeout=0.2).fate is Fate.NOT_ACCEPTED
    assert relay.seen == []


@pytest.mark.parametrize("ending", ["421 too many mails on this connection", CUT])
def test_a_connection_closed_while_idle_is_replaced_without_a_word(servers: Servers, ending: str) -> None:
    relay = started(servers, Relay(mail=["250 ok", ending]))
    with channel(relay).open() as connection:
        fates = [connection.send(SENDER, ADA, DATA).fate for _ in range(2)]
    assert fates == [Fate.HANDED_OVER, Fate.HANDED_OVER]
    assert relay.connections == 2


def test_a_relay_that_is_away_is_a_channel_fault_that_needs_nobody(servers: Servers) -> None:
    relay = Relay()
    with running(relay):
        pass
    outcome = sent(relay)
    assert (outcome.fate, outcome.needs_operator) == (Fate.CHANNEL_FAULT, False)


def test_a_relay_whose_name_is_unknown_needs_the_operator() -> None:
    with parse_channel("smtp://relay.invalid").open() as connection:
        outcome = connection.send(SENDER, ADA, DATA)
    assert (outcome.fate, outcome.needs_operator) == (Fate.CHANNEL_FAULT, True)


@pytest.mark.parametrize(("password", "fate"), [("right", Fate.HANDED_OVER), ("wrong", Fate.CHANNEL_FAULT)])
def test_a_wrong_password_stops_the_channel(servers: Servers, password: str, fate: Fate) -> None:
    options = {"authenticator": only_the_right_password, "auth_required": True}
    relay = started(servers, Relay(), tls_context=server_tls(), **options)
    with channel(relay, user=f"dondoc:{password}@").open() as connection:
        outcome = connection.send(SENDER, ADA, DATA)
    assert (outcome.fate, outcome.needs_operator) == (fate, fate is Fate.CHANNEL_FAULT)
    assert "wrong" not in outcome.text


def test_starttls_is_taken_where_it_is_offered(servers: Servers) -> None:
    relay = started(servers, Relay(), tls_context=server_tls(), require_starttls=True)
    assert sent(relay).fate is Fate.HANDED_OVER


def test_a_certificate_that_nobody_vouches_for_stops_the_channel(servers: Servers) -> None:
    relay = started(servers, Relay(), tls_context=server_tls())
    strict = channel(relay, f"?starttls=required&ca={certifi.where()}")
    with strict.open() as connection:
        outcome = connection.send(SENDER, ADA, DATA)
    assert (outcome.fate, outcome.needs_operator) == (Fate.CHANNEL_FAULT, True)
    assert relay.accepted == []


def test_a_certificate_of_the_named_authority_is_good(servers: Servers) -> None:
    relay = started(servers, Relay(), tls_context=server_tls())
    with channel(relay, f"?starttls=required&ca={CERTIFICATE}").open() as connection:
        assert connection.send(SENDER, ADA, DATA).fate is Fate.HANDED_OVER


def test_a_relay_without_starttls_is_refused_where_it_is_required(servers: Servers) -> None:
    relay = started(servers, Relay())
    with channel(relay, "?starttls=required").open() as connection:
        outcome = connection.send(SENDER, ADA, DATA)
    assert (outcome.fate, outcome.needs_operator) == (Fate.CHANNEL_FAULT, True)
    assert relay.accepted == []


@pytest.mark.parametrize(
    "recipient",
    ["a@b.vn\r\nRCPT TO:<x@y.vn>", "a@b,c@d", '"a\r\n"@b', "a@@b", "a@b..vn", "mẫu@sct.example", ""],
)
def test_an_address_that_is_not_one_mailbox_never_reaches_the_wire(servers: Servers, recipient: str) -> None:
    relay = started(servers, Relay())
    assert sent(relay, recipient=recipient).fate is Fate.REJECTED
    assert relay.connections == 0


def test_a_bad_sender_is_our_own_fault() -> None:
    with parse_channel("smtp://127.0.0.1:9").open() as connection:
        outcome = connection.send("a\r\n@b.vn", ADA, DATA)
    assert (outcome.fate, outcome.needs_operator) == (Fate.CHANNEL_FAULT, True)


@pytest.mark.parametrize("smuggled", [b"a\n.\nMAIL FROM:<x@y>\n", b"a\r.\rMAIL\r", b"a\r\n.\r\nMAIL\r\n"])
def test_no_text_can_end_the_mail_early(servers: Servers, smuggled: bytes) -> None:
    relay = started(servers, Relay())
    assert sent(relay, data=smuggled).fate is Fate.HANDED_OVER
    assert len(relay.accepted) == 1
    assert b"MAIL" in relay.accepted[0][2]


def test_the_final_dot_follows_a_complete_line() -> None:
    assert on_the_wire(b"a") == b"a\r\n.\r\n"
    assert on_the_wire(b".a\nb\r\n") == b"..a\r\nb\r\n.\r\n"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://relay.example", ("relay.example", 587, None, False, "required")),
        ("smtp://relay.example:25?starttls=optional", ("relay.example", 25, None, False, "optional")),
        ("smtp://relay.example:25?starttls=no", ("relay.example", 25, None, False, "never")),
        ("smtp://127.0.0.1:1025", ("127.0.0.1", 1025, None, False, "optional")),
        ("smtps://an%40x:m%3At@relay.example", ("relay.example", 465, "m:t", True, "required")),
    ],
)
def test_a_channel_says_where_and_how(url: str, expected: tuple[object, ...]) -> None:
    relay = parse_relay(url)
    assert (relay.host, relay.port, relay.password, relay.implicit_tls, relay.starttls) == expected


@pytest.mark.parametrize(
    "url",
    [
        "relay.example",
        "http://relay.example",
        "smtp://",
        "smtp://relay.example:0x1",
        "smtp://relay.example:99999",
        "smtp://relay.example?starttls=maybe",
        "smtp://relay.example?tls=1",
        "smtp://relay.example\r\n",
        "mailbox:",
        "",
    ],
)
def test_a_channel_that_cannot_be_understood_is_refused_with_an_example(url: str) -> None:
    with pytest.raises(BadChannel) as refusal:
        parse_channel(url)
    assert "smtps://relay.example" in refusal.value.text("vi")
    assert refusal.value.text("en") != refusal.value.text("vi")


def test_no_refusal_shows_the_password() -> None:
    with pytest.raises(BadChannel) as refusal:
        parse_channel("smtp://dondoc:mat-khau@relay.example?starttls=maybe")
    assert "mat-khau@" not in refusal.value.text("vi").partition("Ví dụ")[0]


def test_the_folder_keeps_a_mail_and_sends_it_nowhere(tmp_path: Path) -> None:
    place = parse_channel(f"mailbox:{tmp_path / 'a' / 'mails'}")
    with place.open() as connection:
        outcomes = [connection.send(SENDER, ADA, DATA) for _ in range(3)]
    kept = sorted((tmp_path / "a" / "mails" / "new").iterdir())
    assert {outcome.fate for outcome in outcomes} == {Fate.HANDED_OVER}
    assert len(kept) == 3
    assert f"Delivered-To: {ADA}\r\n".encode() in kept[0].read_bytes()
    assert kept[0].read_bytes().endswith(DATA)


def test_a_folder_that_cannot_be_written_is_a_channel_fault(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with parse_channel(f"mailbox:{tmp_path / 'file' / 'mails'}").open() as connection:
        outcome = connection.send(SENDER, ADA, DATA)
    assert (outcome.fate, outcome.needs_operator) == (Fate.CHANNEL_FAULT, True)
