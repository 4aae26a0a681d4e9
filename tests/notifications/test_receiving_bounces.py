"""Mails that came back: true reports close an address or count against it, forged ones do nothing."""

import random
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, func, select
from sqlmodel import Session, col

from config.database import open_database, reading, writing
from notifications import receiving_bounces as returns
from notifications.answering import Answering
from notifications.bounces import parse_bounces
from notifications.intent import Intent, Wish
from notifications.links import read_reply_address
from notifications.receiving_reader import Mail
from notifications.replies import Reply, body_hash
from tests.inbound_letters import Room, letter, report, room
from tests.servers.schema import SchemaTemplates
from tests.world import World, at
from workflow.mailboxes import SOFT_LIMIT
from workflow.models.event import Event
from workflow.models.inbound import BounceReport, InboundMail, InboundOutcome
from workflow.models.message import Message, MessageStatus
from workflow.models.person import Mailbox, Person

DAY = date(2026, 8, 20)
ROUTES = Answering(
    "tra-loi@lamgiang.example", "bounce@lamgiang.example", (b"new" * 9, b"old" * 9), (b"key" * 9,)
)
OLD_ROUTES = Answering(ROUTES.mailbox, ROUTES.return_mailbox, (b"old" * 9,), (b"other" * 9,))
CODES = st.from_regex(r"[A-Z][A-Z0-9]{0,8}(-[A-Z0-9]{1,8}){0,2}", fullmatch=True)


@pytest.fixture
def inbox(engine: Engine, tmp_path: Path) -> Iterator[Room]:
    world = World(engine)
    for number in range(1, SOFT_LIMIT + 2):
        world.issue(f"GS14-{number:02d}", due=date(2026, 9, 25), coordinating=("syt",))
    sent(world)
    with room(engine, world, tmp_path, at(DAY)) as inbox:
        yield inbox


def sent(world: World) -> None:
    world.deliver()
    with writing(world.engine) as db:
        for message in db.scalars(select(Message)):
            message.address = db.get_one(Person, message.person_id).email


def mails_to(inbox: Room, who: str) -> list[Message]:
    return [one for one in inbox.world.messages() if one.address == f"{who}@lamgiang.example"]


def returned(inbox: Room, message: Message, **said: str) -> str:
    to = inbox.answering.envelope_sender(message.id, inbox.now)
    return inbox.take(report(to, message.address or "", **said)).outcome


def mailbox(inbox: Room, who: str) -> Mailbox:
    return next(one.mailbox for one in inbox.world.rows(Person) if one.email == f"{who}@lamgiang.example")


def test_a_hard_bounce_closes_the_address_at_once_and_tells_who_can_mend_it(inbox: Room) -> None:
    (message, *_) = mails_to(inbox, "ben")
    before = len(inbox.world.messages())
    assert returned(inbox, message) == "bounced"
    assert mailbox(inbox, "ben") is Mailbox.DEAD
    now = next(one for one in inbox.world.messages() if one.id == message.id)
    assert (now.status, now.reason) == (MessageStatus.REJECTED, "bounced")
    people = {one.id: one.email for one in inbox.world.rows(Person)}
    told = {people[one.person_id]: one.kind for one in inbox.world.messages()[before:]}
    assert told == {"ada@lamgiang.example": "operations", "quan@lamgiang.example": "operations"}


def test_the_next_person_of_the_organisation_is_told_from_then_on(inbox: Room) -> None:
    returned(inbox, mails_to(inbox, "ben")[0])
    inbox.world.nights(until=date(2026, 9, 11), deliver=False)
    assert "reminder" in {kind for _, kind, _ in inbox.world.told("huy")}
    assert "reminder" not in {kind for _, kind, _ in inbox.world.told("ben")}


def test_soft_bounces_close_the_address_when_they_add_up(inbox: Room) -> None:
    for number, message in enumerate(mails_to(inbox, "ben")[:SOFT_LIMIT], 1):
        assert mailbox(inbox, "ben") is Mailbox.OPEN, number
        returned(inbox, message, status="4.4.7")
    assert mailbox(inbox, "ben") is Mailbox.DEAD


def test_one_report_sent_again_and_again_counts_once(inbox: Room) -> None:
    (message, *_) = mails_to(inbox, "ben")
    for _ in range(2 * SOFT_LIMIT):
        returned(inbox, message, status="4.4.7")
    assert mailbox(inbox, "ben") is Mailbox.OPEN
    assert len(inbox.world.rows(BounceReport)) == 1


def test_a_delay_closes_nothing_and_spoils_no_mail(inbox: Room) -> None:
    for message in mails_to(inbox, "ben"):
        returned(inbox, message, action="delayed", status="4.4.1")
    assert mailbox(inbox, "ben") is Mailbox.OPEN
    assert {one.status for one in mails_to(inbox, "ben")} == {MessageStatus.HANDED_OVER}


def test_reports_out_of_order_end_as_the_worst_of_them(inbox: Room) -> None:
    (message, *_) = mails_to(inbox, "ben")
    returned(inbox, message)
    returned(inbox, message, action="delayed", status="4.4.1")
    assert mailbox(inbox, "ben") is Mailbox.DEAD
    assert len([one for one in inbox.world.rows(Event) if one.act == "mailbox.dead"]) == 1


def test_a_report_about_an_address_corrected_since_closes_nothing(inbox: Room) -> None:
    (message, *_) = mails_to(inbox, "ben")
    with writing(inbox.world.engine) as db:
        db.get_one(Person, message.person_id).email = "ben.moi@lamgiang.example"
    assert returned(inbox, message) == "bounced"
    assert mailbox(inbox, "ben.moi") is Mailbox.OPEN


@pytest.mark.parametrize(
    ("to", "recipient", "reason"),
    [
        ("bounce@lamgiang.example", "ben", "bounce_unsigned"),
        ("bounce+m1.1sd.aaaaaaaaaaaaaaaa@lamgiang.example", "ben", "bounce_unsigned"),
        ("tra-loi@lamgiang.example", "ben", "bounce_unsigned"),
        ("signed", "cleo", "bounce_other"),
        ("expired", "ben", "bounce_unsigned"),
    ],
)
def test_a_forged_report_changes_nothing(inbox: Room, to: str, recipient: str, reason: str) -> None:
    (message, *_) = mails_to(inbox, "ben")
    signed_at = {"signed": inbox.now, "expired": inbox.now - timedelta(days=8)}
    address = inbox.answering.envelope_sender(message.id, signed_at[to]) if to in signed_at else to
    taken = inbox.take(report(address, f"{recipient}@lamgiang.example"))
    assert (taken.outcome, taken.reason) == ("automatic", reason)
    assert {one.mailbox for one in inbox.world.rows(Person)} == {Mailbox.OPEN}
    assert inbox.world.rows(BounceReport) == []


def test_an_absence_notice_to_the_return_address_closes_nothing(inbox: Room) -> None:
    (message, *_) = mails_to(inbox, "ben")
    to = inbox.answering.envelope_sender(message.id, inbox.now)
    taken = inbox.take(letter("Tôi nghỉ phép.", "ben", to, Auto_Submitted="auto-replied"))
    assert (taken.outcome, taken.reason) == ("automatic", "return_address")
    assert mailbox(inbox, "ben") is Mailbox.OPEN


@pytest.mark.timeout(300)
def test_ten_thousand_forged_and_a_thousand_true_reports_are_told_apart(
    tmp_path: Path, schema_templates: SchemaTemplates
) -> None:
    """Mixed, a tenth of the true ones twice; people are made for it, one mail each."""
    engine = open_database(schema_templates.copy_of_sqlite(tmp_path / "crowd.db"))
    now, mixer = at(DAY), random.Random(22)
    world = World(engine)
    with writing(engine) as db:
        crowd = [Person(name=f"P{n}", email=f"p{n}@sct.example") for n in range(2_000)]
        db.add_all(crowd)
        db.flush()
        db.add_all(
            Message(
                key=f"X:{one.id}", person_id=one.id, kind="reminder", night_on=DAY, created_at=now, not_before_at=now,
                next_attempt_at=now, use_by_at=now, status=MessageStatus.HANDED_OVER, address=one.email,
            )
            for one in crowd
        )  # fmt: skip
        db.flush()
        ids = list(
            db.scalars(
                select(col(Message.id)).where(col(Message.kind) == "reminder").order_by(col(Message.id))
            )
        )
        sent = list(zip(ids, [one.email for one in crowd], strict=True))
        true = [report(ROUTES.envelope_sender(id, now), email) for id, email in sent[:1_000]]
        forgers: list[Callable[[int, datetime], str]] = [OLD_ROUTES.envelope_sender, _expired]
        forged = [report(mixer.choice(forgers)(*of), email) for of, email in _forgeries(mixer, sent, now)]
        mails = [*true, *true[:100], *forged]
        mixer.shuffle(mails)
        for data in mails:
            _settle(db, data, now)
    with reading(engine) as db:
        dead = set(db.scalars(select(col(Person.email)).where(col(Person.mailbox) == Mailbox.DEAD)))
        outcomes = dict(
            db.execute(
                select(col(InboundMail.outcome), func.count()).group_by(col(InboundMail.outcome))
            ).all()
        )
    engine.dispose()
    assert dead == {email for _, email in sent[:1_000]}
    assert outcomes == {InboundOutcome.BOUNCED: 1_100, InboundOutcome.AUTOMATIC: 10_000}
    assert len(world.rows(Person)) == 2_008


def _expired(message_id: int, now: datetime) -> str:
    return ROUTES.envelope_sender(message_id, now - timedelta(days=9))


def _forgeries(
    mixer: random.Random, sent: list[tuple[int, str]], now: datetime
) -> Iterator[tuple[tuple[int, datetime], str]]:
    for _ in range(10_000):
        id, email = mixer.choice(sent[1_000:])
        yield (id, now), email


def _settle(db: Session, data: bytes, now: datetime) -> None:
    """What the receiver does with a report, without a child and a transaction for each of 11,100."""
    to = data.partition(b"\nTo: ")[2].partition(b"\n")[0].decode()
    nothing = Wish(Intent.UNCLEAR, "")
    reply = Reply(
        None, body_hash(data), "mailer-daemon@relay.example", "", "", None, (), "report", "", nothing, (),
        recipients=(to,),
    )  # fmt: skip
    row = InboundMail(
        received_at=now, header_id=data.partition(b"Message-ID: ")[2].partition(b"\n")[0].decode() + str(random.random()),
        body_hash=reply.body_hash, sender=reply.sender, sender_name="", subject="", outcome=InboundOutcome.AUTOMATIC,
        stored_as="-", size=len(data),
    )  # fmt: skip
    db.add(row)
    db.flush()
    returns.settle(db, Mail(reply, parse_bounces(data)), row, ROUTES, now=now, on=DAY)


@given(CODES, st.integers(1, 2**40))
def test_a_reply_address_proves_its_code_and_its_organisation_and_no_other(code: str, body: int) -> None:
    address = ROUTES.reply_to(code, body)
    assert address is not None
    tag = read_reply_address(address.upper())
    assert tag is not None
    assert tag.code == code.lower()
    assert ROUTES.proves(tag, body)
    assert not ROUTES.proves(tag, body + 1)
    assert not OLD_ROUTES.proves(tag, body)


@given(CODES, st.integers(1, 2**40))
def test_a_rotated_key_still_proves_what_it_signed(code: str, body: int) -> None:
    tag = read_reply_address(OLD_ROUTES.reply_to(code, body) or "")
    assert tag is not None
    assert ROUTES.proves(tag, body)


@given(st.integers(1, 2**40), st.integers(0, 7), st.text(max_size=40))
def test_a_return_address_gives_back_its_message_for_seven_days(message: int, days: int, noise: str) -> None:
    now = at(DAY)
    address = ROUTES.envelope_sender(message, now - timedelta(days=days))
    assert ROUTES.returned_message((noise, address.upper()), now) == message
    assert ROUTES.returned_message((noise,), now) is None
    assert OLD_ROUTES.returned_message((address,), now) is None
    assert ROUTES.returned_message((ROUTES.answer_sender(message, now),), now) is None


@given(st.text(max_size=80))
def test_no_address_breaks_the_reader_of_addresses(noise: str) -> None:
    assert ROUTES.returned_message((noise,), at(DAY)) is None
    assert read_reply_address(noise) is None
