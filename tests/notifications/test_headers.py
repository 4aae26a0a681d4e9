"""Every kind of mail in every shape and language: which headers it has, and that no text can change them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as modern
from typing import get_args

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st

from notifications.entries import Entry, calendar
from notifications.facts import Site
from notifications.kinds import MailKind
from notifications.mime import Calendar, build
from notifications.packing import BARE_REASON, Packer, Sender, label
from notifications.payload import Letter, Locale
from notifications.rendering import render
from notifications.sample_shapes import shapes
from tests.notifications.spikes import spiked
from tests.notifications.test_rendering import FACT, visible
from workflow.models.message import Message
from workflow.models.person import Person

AT = datetime(2023, 10, 10, 1, 0, tzinfo=UTC)
SENDER = Sender("Đoàn giám sát <dondoc@giamsat.example>", Site("https://dondoc.example", "x"))
ALWAYS = {
    "From", "To", "Subject", "Date", "Message-ID", "List-Id", "Auto-Submitted", "X-Auto-Response-Suppress",
    "X-Dondoc-Ly-Do", "MIME-Version", "Content-Type",
}  # fmt: skip
SOMETIMES = {
    "In-Reply-To", "References", "Reply-To", "X-Dondoc-Ma", "Importance", "List-Unsubscribe", "List-Unsubscribe-Post",
}  # fmt: skip
EVERY = [(name, locale) for locale in get_args(Locale) for name in shapes(locale)]
every_shape = pytest.mark.parametrize(("name", "locale"), EVERY)


def packed(letter: Letter, person_name: str = "Nguyễn Văn Mẫu") -> bytes:
    message = Message(
        key="S:2023-10-10:7", person_id=7, kind=letter.kind.value, night_on=date(2023, 10, 10), created_at=AT,
        not_before_at=AT, next_attempt_at=AT, use_by_at=AT,
    )  # fmt: skip
    person = Person(id=7, name=person_name, email="mau@sct.example")
    envelope = Packer(SENDER, "Asia/Ho_Chi_Minh", render).envelope(letter, message, person, AT)
    if letter.calendar_attached:
        line = letter.lines[0]
        entry = Entry(line.code, line.title, line.agency, line.due_on or date(2023, 10, 12), line.url, 0, AT)
        envelope = replace(envelope, calendar=Calendar("GS14.ics", calendar([entry], SENDER.host, "GS14")))
    return build(render(letter), envelope)


def parsed(data: bytes) -> EmailMessage:
    return message_from_bytes(data, policy=modern)


def names(mail: EmailMessage) -> list[str]:
    return [name for name, _ in mail.items()]


@every_shape
def test_every_mail_has_the_headers_it_should_and_each_once(name: str, locale: Locale) -> None:
    mail = parsed(packed(shapes(locale)[name]))
    assert len(names(mail)) == len(set(names(mail)))
    assert set(names(mail)) >= ALWAYS
    assert set(names(mail)) <= ALWAYS | SOMETIMES
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["X-Auto-Response-Suppress"] == "All"
    assert mail["Message-ID"] == "<s.2023-10-10.7@dondoc.example>"


@every_shape
def test_one_directive_is_one_thread_and_a_list_is_none(name: str, locale: Locale) -> None:
    letter = shapes(locale)[name]
    mail = parsed(packed(letter))
    alone = len(letter.lines) == 1 and not letter.lines[0].secret
    root = f"<{letter.lines[0].code.lower()}@dondoc.example>" if alone else None
    assert (mail["In-Reply-To"], mail["References"]) == (root, root)


@every_shape
def test_only_a_report_to_a_higher_level_is_marked_important(name: str, locale: Locale) -> None:
    mail = parsed(packed(shapes(locale)[name]))
    assert (mail["Importance"] == "high") == name.startswith(("escalation-", "escalation")) or (
        name == "escalation_copy" and mail["Importance"] is None
    )


@every_shape
def test_no_official_mail_can_be_unsubscribed(name: str, locale: Locale) -> None:
    mail = parsed(packed(shapes(locale)[name]))
    may_be_refused = name.startswith("weekly")
    assert (mail["List-Unsubscribe"] is not None) == may_be_refused
    assert mail["List-Unsubscribe-Post"] == ("List-Unsubscribe=One-Click" if may_be_refused else None)


@every_shape
def test_no_byte_of_a_mail_names_a_secret_directive(name: str, locale: Locale) -> None:
    letter = shapes(locale)[name]
    mail = parsed(packed(letter))
    parts = [str(part.get_content()) for part in mail.walk() if not part.is_multipart()]
    whole = "\n".join([*(f"{header}: {value}" for header, value in mail.items()), *parts]).lower()
    for line in letter.lines:
        if line.secret:
            assert line.code.lower() not in whole
            assert line.url.lower() not in whole
            assert str(line.quote).lower() not in whole
    if letter.is_bare:
        assert mail["X-Dondoc-Ly-Do"] == BARE_REASON
        assert mail["X-Dondoc-Ma"] is None
        assert mail["Importance"] is None
        assert letter.kind.slug not in whole


@every_shape
def test_both_parts_tell_the_same_facts_in_the_same_order(name: str, locale: Locale) -> None:
    """What each says first stands where the other says it first; the text part has no fact less."""
    mail = render(shapes(locale)[name])
    soup = [piece for piece in visible(mail.html) if not piece.startswith("http")]
    text = "\n".join(row for row in mail.text.splitlines() if "http" not in row)
    told = [row for row in dict.fromkeys(FACT.findall("\n".join(soup))) if len(row) > 3]
    said = [row for row in dict.fromkeys(FACT.findall(text)) if len(row) > 3]
    assert said == told


HARD = st.text(min_size=1, max_size=60) | st.sampled_from(
    [
        "x\r\nBcc: evil@example.org", "x\nTo: evil@example.org", "x\r\n\r\nbody", "=?utf-8?b?QmNjOiB4?=", "\x00",
        "a, evil@example.org", '"<evil@example.org>"', "\u2028Bcc: x", "ệ" * 200, "\r", ">", "x\x0bBcc: y",
    ]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(EVERY), HARD, HARD)
def test_no_text_changes_recipients_or_headers(shape: tuple[str, Locale], text: str, person: str) -> None:
    letter = shapes(shape[1])[shape[0]]
    hostile = replace(spiked(letter, text), reply_to=letter.reply_to)  # our own, never somebody's text
    before, after = parsed(packed(letter)), parsed(packed(hostile, person))
    assert names(after) == names(before)
    (to,) = after["To"].addresses
    (sender,) = after["From"].addresses
    assert (to.addr_spec, sender.addr_spec) == ("mau@sct.example", "dondoc@giamsat.example")
    assert [part.get_content_type() for part in after.walk()] == [
        part.get_content_type() for part in before.walk()
    ]
    for header in ("Message-ID", "Auto-Submitted", "Reply-To"):
        assert after[header] == before[header]


@given(st.text(max_size=60))
def test_any_code_makes_an_address_a_header_can_hold(code: str) -> None:
    made = label(code)
    assert made
    assert made.isascii()
    assert made.strip("-") == made
    assert all(sign.isalnum() or sign == "-" for sign in made)


@pytest.mark.parametrize(
    ("code", "made"), [("GS14-05", "gs14-05"), ("Đoàn/14 (mật)", "doan-14-mat"), ("…", "x")]
)
def test_codes_of_every_form_are_kept_readable(code: str, made: str) -> None:
    assert label(code) == made


def links(html: str) -> Iterator[str]:
    for tag in BeautifulSoup(html, "html.parser").find_all("a"):
        yield str(tag["href"])


@every_shape
def test_every_link_of_a_mail_leads_to_this_installation(name: str, locale: Locale) -> None:
    assert all(
        link.startswith("https://dondoc.example/") for link in links(render(shapes(locale)[name]).html)
    )


def test_the_second_level_opens_the_letter_that_was_drafted() -> None:
    for locale in get_args(Locale):
        mail = render(shapes(locale)["escalation-2"])
        assert "https://dondoc.example/nhiem-vu/GS14-03/cong-van" in mail.text
    assert MailKind.ESCALATION.is_for_the_delegation
