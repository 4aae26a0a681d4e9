import email.utils
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notifications.addresses import BadAddress
from notifications.kinds import MailKind
from notifications.mime import BadHeader, Calendar, Envelope, Mailbox, build, encoded_text
from notifications.payload import Letter
from notifications.rendering import Rendered, one_line, render
from notifications.samples import sample
from tests.notifications.spikes import spiked

ENVELOPE = Envelope(
    sender=Mailbox("dondoc@giamsat.example", "Đoàn giám sát"),
    recipient=Mailbox("vanthu@sct.example", "Văn thư Sở Công Thương"),
    message_id="<gs14-05.nhac-2.20231010@giamsat.example>",
    date=datetime(2023, 10, 10, 1, 0, tzinfo=UTC),
    reason="nhac-truoc-han",
    codes=("GS14-05",),
    thread_root="<gs14-05@giamsat.example>",
    reply_to="tra-loi+gs14-05.k7q2m9xf3hzt@giamsat.example",
    list_name="GS14, Sở Công Thương",
    list_id="gs14.giamsat.example",
)
LETTER = sample(MailKind.REMINDER, "vi")
HEADERS = [
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "In-Reply-To",
    "References",
    "Reply-To",
    "List-Id",
    "Auto-Submitted",
    "X-Auto-Response-Suppress",
    "X-Dondoc-Ly-Do",
    "X-Dondoc-Ma",
    "MIME-Version",
    "Content-Type",
]


def read(data: bytes) -> EmailMessage:
    message = message_from_bytes(data, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def built(letter: Letter = LETTER, **changes: Any) -> EmailMessage:
    return read(build(render(letter), replace(ENVELOPE, **changes)))


def test_a_mail_carries_exactly_the_agreed_headers() -> None:
    assert built().keys() == HEADERS


def test_headers_say_what_was_given() -> None:
    mail = built()
    assert mail["Subject"] == render(LETTER).subject
    assert mail["To"] == "Văn thư Sở Công Thương <vanthu@sct.example>"
    assert mail["Message-ID"] == ENVELOPE.message_id
    assert mail["References"] == mail["In-Reply-To"] == ENVELOPE.thread_root
    assert email.utils.parsedate_to_datetime(mail["Date"]) == ENVELOPE.date
    assert mail["Auto-Submitted"] == "auto-generated"


def test_both_parts_come_out_as_they_went_in() -> None:
    mail, rendered = built(), render(LETTER)
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert plain.get_content().replace("\r\n", "\n") == rendered.text
    assert html.get_content().replace("\r\n", "\n") == rendered.html


def test_the_plain_part_comes_first_so_that_a_client_prefers_html() -> None:
    assert [part.get_content_type() for part in built().walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]


def test_a_calendar_file_travels_beside_the_two_parts() -> None:
    mail = built(calendar=Calendar("GS14-05.ics", b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"))
    (attached,) = mail.iter_attachments()
    assert attached.get_filename() == "GS14-05.ics"
    assert attached.get_content_type() == "text/calendar"
    assert attached.get_param("method") == "PUBLISH"
    assert attached.get_payload(decode=True) == b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"


def test_the_same_facts_give_the_same_bytes() -> None:
    assert build(render(LETTER), ENVELOPE) == build(render(LETTER), ENVELOPE)


def test_bytes_are_ascii_lines_short_enough_for_any_relay() -> None:
    data = build(render(LETTER), ENVELOPE)
    assert data.isascii()
    assert max(map(len, data.split(b"\r\n"))) <= 200
    assert data.count(b"\n") == data.count(b"\r\n") == data.count(b"\r")


def test_only_what_may_be_declined_can_be_unsubscribed() -> None:
    assert "List-Unsubscribe" not in built()
    weekly = built(unsubscribe_url="https://dondoc.example/u/k7q2")
    assert weekly["List-Unsubscribe"] == "<https://dondoc.example/u/k7q2>"
    assert weekly["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_the_first_mail_of_a_thread_answers_nothing() -> None:
    mail = built(thread_root=ENVELOPE.message_id)
    assert "In-Reply-To" not in mail


@pytest.mark.parametrize(
    "address",
    [
        "a@b.vn\r\nBcc: x@y.vn",
        '"a\r\n"@b',
        "a@b,c@d",
        "a@b@c.vn",
        "a" * 300 + "@b.vn",
        "a@b.vn.",
        "a@-b.vn",
        " a@b.vn",
        "@b.vn",
    ],
)
@pytest.mark.parametrize("place", ["sender", "recipient", "reply_to"])
def test_an_address_that_is_not_one_mailbox_is_refused_again(place: str, address: str) -> None:
    changes: dict[str, Any] = {place: address if place == "reply_to" else Mailbox(address, "Ada")}
    with pytest.raises(BadAddress):
        built(**changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"message_id": "<a@b>\r\nBcc: x@y.vn"},
        {"message_id": "a@b"},
        {"thread_root": "<a b@c>"},
        {"unsubscribe_url": "https://x>\r\nBcc: y"},
    ],
)
def test_an_identifier_that_could_forge_a_header_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(BadHeader):
        built(**changes)


NASTY = st.text(max_size=60) | st.sampled_from(
    [
        "\r\nBcc: x@y.vn",
        "\nSubject: no",
        "=?utf-8?q?=0d=0aBcc:x?=",
        "a\x00b",
        '"',
        "<x@y.vn>",
        "a, b@c.vn",
        "\u2028Bcc: x",
        "\x85Bcc: x",
    ]
)


@settings(max_examples=150, deadline=None)
@given(spike=NASTY, name=NASTY, codes=st.lists(NASTY, max_size=2), kind=st.sampled_from(list(MailKind)))
def test_no_text_changes_the_headers_or_the_recipients(
    spike: str, name: str, codes: list[str], kind: MailKind
) -> None:
    envelope = replace(
        ENVELOPE,
        sender=Mailbox(ENVELOPE.sender.address, name),
        recipient=Mailbox(ENVELOPE.recipient.address, name),
        reason=spike,
        codes=("GS14", *codes),
        list_name=name,
    )
    data = build(render(spiked(sample(kind, "vi"), spike)), envelope)
    head = data.partition(b"\r\n\r\n")[0]
    names = [line.partition(b":")[0].decode() for line in head.split(b"\r\n") if not line.startswith(b" ")]
    assert names == HEADERS
    mail = message_from_bytes(data, policy=policy.compat32)
    assert [address for _, address in email.utils.getaddresses([mail["To"]])] == ["vanthu@sct.example"]
    assert [address for _, address in email.utils.getaddresses([mail["From"]])] == ["dondoc@giamsat.example"]
    assert [part.get_content_type() for part in mail.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]


@given(st.text(max_size=400))
def test_a_subject_reads_as_written_but_for_its_control_characters(text: str) -> None:
    mail = read(build(Rendered(text, "", "a", "b"), ENVELOPE))
    lines = encoded_text(text).split("\r\n ")
    assert all("\r" not in line and "\n" not in line for line in lines)
    assert all(len(line) <= 76 for line in lines if line.startswith("=?"))
    assert "".join(str(mail["Subject"]).split()) == "".join(_printable(text).split())


def _printable(text: str) -> str:
    return one_line(text).encode("utf-8", "replace").decode("utf-8")
