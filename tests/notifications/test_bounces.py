from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.addresses import BadAddress
from notifications.bounces import Bounce, message_key, parse_bounces, return_address

NOW = datetime(2023, 10, 10, 1, tzinfo=UTC)
SECRET = b"0123456789abcdef"
ADDRESS = return_address("tra-ve@giamsat.example", "m4711", SECRET, NOW)


def report(action: str = "failed", status: str = "5.1.1", original: str = "text/rfc822-headers") -> bytes:
    return f"""From: MAILER-DAEMON@relay.example
To: {ADDRESS}
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I'm sorry to have to inform you.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; relay.example

Final-Recipient: rfc822; Ada@SCT.example
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 <ada@sct.example>:
    no such person

--b
Content-Type: {original}

Message-ID: <gs14-05.nhac-2@giamsat.example>
Subject: x

--b--
""".encode()


def test_a_failure_names_the_address_the_status_and_our_mail() -> None:
    assert parse_bounces(report()) == (
        Bounce(
            recipient="ada@sct.example",
            action="failed",
            status="5.1.1",
            hard=True,
            text="smtp; 550 5.1.1 <ada@sct.example>: no such person",
            message_id="<gs14-05.nhac-2@giamsat.example>",
        ),
    )


def test_our_mail_may_come_back_whole() -> None:
    (bounce,) = parse_bounces(report(original="message/rfc822"))
    assert bounce.message_id == "<gs14-05.nhac-2@giamsat.example>"


@pytest.mark.parametrize(
    ("action", "status", "hard"),
    [
        ("failed", "4.4.7", False),
        ("failed", "5.2.2", False),
        ("delayed", "4.4.1", False),
        ("failed", "5.7.1", True),
    ],
)
def test_a_full_mailbox_or_a_delay_may_pass(action: str, status: str, hard: bool) -> None:
    (bounce,) = parse_bounces(report(action, status))
    assert (bounce.action, bounce.hard) == (action, hard)


@pytest.mark.parametrize("action", ["delivered", "relayed", "expanded", "nonsense", ""])
def test_only_failures_and_delays_are_bounces(action: str) -> None:
    assert parse_bounces(report(action, "2.0.0")) == ()


def test_every_recipient_of_a_report_counts() -> None:
    second = b"\nFinal-Recipient: rfc822; ben@sct.example\nAction: failed\nStatus: 5.1.1\n\n--b\nContent-Type: text/rfc822"
    data = report().replace(b"\n--b\nContent-Type: text/rfc822", second, 1)
    assert [bounce.recipient for bounce in parse_bounces(data)] == ["ada@sct.example", "ben@sct.example"]


@pytest.mark.parametrize("data", [b"", b"Subject: Re\n\nHOAN THANH", b"Content-Type: multipart/report\n\nx"])
def test_other_mail_is_no_report(data: bytes) -> None:
    assert parse_bounces(data) == ()


@given(st.binary(max_size=500))
def test_no_bytes_break_the_reader_of_reports(noise: bytes) -> None:
    half = len(noise) // 2
    assert isinstance(parse_bounces(report().replace(b"failed", noise[:half]) + noise), tuple)


def test_a_return_address_gives_its_message_back() -> None:
    assert message_key(ADDRESS, (SECRET,), NOW) == "m4711"
    assert message_key(ADDRESS.upper(), (SECRET,), NOW + timedelta(days=7)) == "m4711"


def test_a_return_address_lives_seven_days() -> None:
    assert message_key(ADDRESS, (SECRET,), NOW + timedelta(days=8)) is None
    assert message_key(ADDRESS, (SECRET,), NOW - timedelta(days=1)) is None


def test_the_key_can_be_changed_without_losing_what_is_on_its_way() -> None:
    assert message_key(ADDRESS, (b"new key", SECRET), NOW) == "m4711"
    assert message_key(ADDRESS, (b"new key",), NOW) is None


@pytest.mark.parametrize("old", ["m4711", ADDRESS.split(".")[1], ADDRESS.split(".")[2][:5]])
def test_a_changed_return_address_proves_nothing(old: str) -> None:
    forged = ADDRESS.replace(old, old[:-1] + ("a" if old[-1] != "a" else "b"), 1)
    assert forged != ADDRESS
    assert message_key(forged, (SECRET,), NOW) is None


@pytest.mark.parametrize("address", ["tra-ve@giamsat.example", "tra-ve+m4711@giamsat.example", "", "+.a.b@c"])
def test_an_unsigned_address_proves_nothing(address: str) -> None:
    assert message_key(address, (SECRET,), NOW) is None


def test_a_key_that_no_address_can_hold_is_refused() -> None:
    with pytest.raises(BadAddress):
        return_address("tra-ve@giamsat.example", "a b", SECRET, NOW)
