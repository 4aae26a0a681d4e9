"""Around the final dot: when time or the disk runs out, and when a letter cannot be made at all."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlmodel import col

from config.database import writing
from notifications import delivery, sent_journal
from notifications.delivery import Leases, Post
from notifications.facts import Site
from notifications.packing import Sender
from notifications.sent_journal import SentJournal
from notifications.smtp import parse_channel
from tests.servers.smtp import SmtpServer
from tests.world import World, at
from workflow import outbox
from workflow.drafts import Draft
from workflow.instance import Sent
from workflow.models.message import Message, MessageStatus
from workflow.models.person import Person

NIGHT = date(2026, 9, 11)
EIGHT = at(NIGHT, 8)


@pytest.fixture
def world(engine: Engine) -> World:
    world = World(engine, today=date(2026, 8, 20))
    world.issue("GS14-01", due=date(2026, 9, 25), coordinating=("syt",))
    world.move("ben", "GS14-01", "acknowledge")
    world.deliver()
    world.night(NIGHT)
    return world


def drain(world: World, server: SmtpServer, journal: SentJournal | None = None, minutes: int = 0) -> Any:
    now = EIGHT + timedelta(minutes=minutes)
    return Post(
        transaction=partial(writing, world.engine), channel=parse_channel(server.url),
        sender=Sender("Đôn đốc <dondoc@lamgiang.example>", Site("https://d.example", "a@d.example")),
        now=lambda: now, real_now=lambda: now, zone="Asia/Ho_Chi_Minh", journal=journal,
    ).drain()  # fmt: skip


def nightly(world: World) -> Message:
    (message,) = [one for one in world.messages() if one.sweep_run_id]
    return message


@contextmanager
def no_file_may_exceed(size: int) -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def line(number: int) -> Sent:
    return Sent(f"k{number}", 1, "reminder", NIGHT, EIGHT, "a@b.example", f"<{number}@d.example>", "250 ok")


def test_a_lease_that_is_nearly_over_sends_no_final_dot(
    world: World, smtp_server: SmtpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as short:
        short.setattr(outbox, "LEASE", timedelta(seconds=delivery.LEAST_LEFT - 1))
        assert drain(world, smtp_server)["not_accepted"] == 1
    assert smtp_server.journal() == []
    assert nightly(world).status is MessageStatus.PENDING
    assert drain(world, smtp_server, minutes=5)["handed_over"] == 1
    assert len(smtp_server.journal()) == 1


def test_a_sender_that_renews_too_late_sends_no_final_dot_for_what_another_claimed(world: World) -> None:
    """Frozen for longer than its lease: the thread that renews wakes first and asks for all that was held."""
    after = EIGHT + outbox.LEASE
    with writing(world.engine) as db:
        (first,) = outbox.claim(db, at=EIGHT, real=EIGHT, limit=9).leased
        frozen = Leases({first.message.id: first.message.token}, until=monotonic() + 90)
    assert frozen.last(first.message.id)
    with writing(world.engine) as db:
        (second,) = outbox.claim(db, at=EIGHT, real=after, limit=9).leased
        awake = Leases({second.message.id: second.message.token}, until=monotonic() + 90)
    for leases in (frozen, awake):
        with writing(world.engine) as db:
            leases.renew(db, after)
    assert not frozen.last(first.message.id)
    assert awake.last(second.message.id)


def test_a_journal_on_a_full_disk_costs_no_mail_and_doubles_none(
    world: World, smtp_server: SmtpServer, caplog: pytest.LogCaptureFixture
) -> None:
    full = SentJournal(Path("/dev/full"))
    assert drain(world, smtp_server, full)["handed_over"] == 1
    assert nightly(world).status is MessageStatus.HANDED_OVER
    assert "the sent journal cannot be written" in caplog.text
    assert drain(world, smtp_server, full)["handed_over"] == 0
    assert len(smtp_server.journal()) == 1


def test_a_journal_in_a_folder_that_went_away_costs_no_mail(
    world: World, smtp_server: SmtpServer, tmp_path: Path
) -> None:
    assert drain(world, smtp_server, SentJournal(tmp_path / "gone" / sent_journal.NAME))["handed_over"] == 1
    assert nightly(world).status is MessageStatus.HANDED_OVER


def test_a_line_cut_off_by_a_full_disk_does_not_spoil_the_next(tmp_path: Path) -> None:
    path = tmp_path / sent_journal.NAME
    journal = SentJournal(path)
    assert journal.note(line(1))
    with no_file_may_exceed(path.stat().st_size + 40):
        assert not journal.note(line(2))
        assert not journal.note(line(3))
    assert journal.note(line(4))
    journal.sync()
    assert [one.key for one in sent_journal.lines(path)] == ["k1", "k4"]
    assert sent_journal.last(path) == line(4)


def test_a_line_cut_off_by_a_dead_process_does_not_spoil_the_next(tmp_path: Path) -> None:
    path = tmp_path / sent_journal.NAME
    path.write_bytes(b'{"key": "k1", "per')
    journal = SentJournal(path)
    assert journal.note(line(2))
    journal.sync()
    assert [one.key for one in sent_journal.lines(path)] == ["k2"]


def test_a_letter_that_cannot_be_made_is_parked_with_its_reason_while_the_others_leave(
    world: World, smtp_server: SmtpServer
) -> None:
    text, due = "Nội dung GS14-02", date(2026, 9, 25)
    world.issue_all([Draft(code="GS14-02", supervision="GS14", text=text, lead="syt", due_on=due)])
    with writing(world.engine) as db:
        for person in db.scalars(select(Person).where(col(Person.email) == "ben@lamgiang.example")):
            person.email = "ben@bad\r\nBcc: x@y.example"
    for minutes in (120, 125, 130):
        drain(world, smtp_server, minutes=minutes)
    parked = nightly(world)
    assert parked.status is MessageStatus.PARKED
    assert parked.reason is not None
    assert parked.reason.startswith("BadAddress")
    others = [one for one in world.messages() if one.id != parked.id]
    assert {one.status for one in others} == {MessageStatus.HANDED_OVER}
    assert {entry["to"][0] for entry in smtp_server.journal()} >= {"cleo@lamgiang.example"}
