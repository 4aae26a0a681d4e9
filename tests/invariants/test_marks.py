"""Marks in groups: what a death between the relay's 250 and the mark costs, with the sent journal and without."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Engine, event
from sqlmodel import Session

from config.database import writing
from notifications.delivery import LEAST, Post
from notifications.facts import Site
from notifications.packing import Sender
from notifications.sent_journal import NAME, SentJournal, attempts
from notifications.smtp import parse_channel
from tests.servers.smtp import SmtpServer
from tests.world import World, at
from workflow import outbox
from workflow.instance import Sent
from workflow.models.message import MessageStatus

MAILS = 12
DAY = date(2026, 8, 20)
TEN = at(DAY, 10)
Transaction = Callable[[], AbstractContextManager[Session]]


class Died(Exception):
    """The process is gone: nothing after this happens."""


@pytest.fixture
def world(engine: Engine) -> World:
    world = World(engine, today=DAY)
    for number in range(MAILS):
        world.issue(f"GS14-{number:02}", due=date(2026, 9, 25))
    assert len(world.messages()) == MAILS
    return world


def sender(
    world: World, channel: str, journal: Path | None, transaction: Transaction | None = None,
    moment: datetime = TEN,
) -> Post:  # fmt: skip
    return Post(
        transaction=transaction or partial(writing, world.engine), channel=parse_channel(channel),
        sender=Sender("Đôn đốc <dondoc@lamgiang.example>", Site("https://d.example", "a@d.example")),
        now=lambda: moment, real_now=lambda: moment, zone="Asia/Ho_Chi_Minh",
        journal=SentJournal(journal) if journal else None,
    )  # fmt: skip


def dies_after(world: World, commits: int) -> Transaction:
    """The claim is one transaction, each group of marks another."""
    left = iter(range(commits))

    @contextmanager
    def transaction() -> Iterator[Session]:
        with writing(world.engine) as db:
            yield db
            if next(left, None) is None:
                raise Died

    return transaction


def left_by_a_dead_sender(world: World, server: SmtpServer, journal: Path) -> None:
    with pytest.raises(Died):
        sender(world, server.url, journal, dies_after(world, 1)).drain()
    assert len(server.journal()) == MAILS
    assert {one.status for one in world.messages()} == {MessageStatus.SENDING}
    with writing(world.engine) as db:
        outbox.take_back(db)  # as when the leases are over


def test_what_a_dead_sender_had_not_marked_is_settled_from_the_journal(
    world: World, smtp_server: SmtpServer, tmp_path: Path
) -> None:
    left_by_a_dead_sender(world, smtp_server, tmp_path / NAME)
    tally = sender(world, smtp_server.url, tmp_path / NAME, moment=at(DAY, 11)).drain()
    assert (tally["settled"], tally["handed_over"]) == (MAILS, 0)
    assert len(smtp_server.journal()) == MAILS
    found = world.messages()
    assert {(one.status, one.handed_over_at) for one in found} == {(MessageStatus.HANDED_OVER, TEN)}
    assert all(one.response.startswith("250") for one in found if one.response)


def test_another_host_repeats_what_was_not_marked_once_and_with_equal_bytes(
    world: World, smtp_server: SmtpServer, tmp_path: Path
) -> None:
    """It has a journal of its own: so many as one group holds may come twice when a host is lost."""
    left_by_a_dead_sender(world, smtp_server, tmp_path / NAME)
    tally = sender(world, smtp_server.url, tmp_path / "other.jsonl", moment=at(DAY, 11)).drain()
    assert (tally["settled"], tally["handed_over"]) == (0, MAILS)
    seen = [(entry["message_id"], entry["sha256"]) for entry in smtp_server.journal()]
    assert len(seen) == 2 * MAILS
    assert sorted(seen[:MAILS]) == sorted(seen[MAILS:])


@pytest.mark.parametrize("journal", [None, Path("/dev/full")], ids=["no journal", "a full disk"])
def test_what_no_journal_keeps_is_marked_at_once(
    world: World, smtp_server: SmtpServer, journal: Path | None
) -> None:
    with pytest.raises(Died):
        sender(world, smtp_server.url, journal, dies_after(world, 4)).drain()
    states = [one.status for one in world.messages()]
    assert states.count(MessageStatus.HANDED_OVER) == 3
    assert len(smtp_server.journal()) == 4


def test_a_mail_refused_for_good_is_marked_before_the_next_one_leaves(
    world: World, smtp_server: SmtpServer, tmp_path: Path
) -> None:
    smtp_server.faults({"at": "rcpt", "reply": "550 5.1.1 nobody here", "times": 1})
    with pytest.raises(Died):
        sender(world, smtp_server.url, tmp_path / NAME, dies_after(world, 1)).drain()
    assert smtp_server.journal() == []


def test_only_the_same_attempt_is_recalled(tmp_path: Path) -> None:
    journal = SentJournal(tmp_path / NAME)
    for token in (1, 2):
        journal.note(Sent("k1", 1, "reminder", DAY, at(DAY), "a@b.example", "<k1@b>", "250", token))
    journal.note(Sent("k10", 1, "reminder", DAY, at(DAY), "a@b.example", "<k10@b>", "250", 3))
    journal.note(Sent("k2", 1, "reminder", DAY, at(DAY), "a@b.example", "<k2@b>", "250"))
    journal.sync()

    def recalled(**tokens: int) -> list[tuple[str, int]]:
        return [(one.key, one.token) for one in attempts(tmp_path / NAME, tokens)]

    assert recalled(k1=2, k10=1) == [("k1", 2)]
    assert recalled(k1=3, k2=0) == []
    assert attempts(tmp_path / "none", {"k1": 1}) == []


def test_a_mark_of_an_overtaken_sender_is_counted_and_changes_nothing(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def overtaken(engine: Engine) -> None:
        with writing(engine) as db:
            for message in world.messages():
                db.merge(message).token += 1

    mine = sender(world, f"mailbox:{tmp_path}/box", tmp_path / NAME)
    monkeypatch.setattr(SentJournal, "sync", lambda _journal: overtaken(world.engine))
    tally = mine.drain(0.0001)
    assert tally["overtaken"] == MAILS
    assert {one.status for one in world.messages()} == {MessageStatus.SENDING}


def test_a_batch_costs_two_commits_and_as_many_statements_however_many_mails(
    world: World, tmp_path: Path
) -> None:
    """Counted, not timed; the claim after the last batch finds nothing and ends the drain."""

    def costs(mails: int) -> tuple[int, int]:
        statements, commits = list[str](), list[object]()
        said, done = (lambda *given: statements.append(given[2])), commits.append
        event.listen(world.engine, "before_cursor_execute", said)
        event.listen(world.engine, "commit", done)
        assert sender(world, f"mailbox:{tmp_path}/box", tmp_path / NAME).drain()["handed_over"] == mails
        event.remove(world.engine, "before_cursor_execute", said)
        event.remove(world.engine, "commit", done)
        return len(statements), len(commits)

    costs(MAILS)  # also compiles the templates
    world.issue("GS14-90", due=date(2026, 9, 25))
    few = costs(1)
    for number in range(LEAST - 1):
        world.issue(f"GS14-{30 + number}", due=date(2026, 9, 25))
    assert costs(LEAST - 1) == few
    assert few[1] - 1 <= 0.1 * LEAST
    assert few[0] <= 50


def test_a_sender_asked_to_end_gives_back_what_it_has_not_begun(
    world: World, smtp_server: SmtpServer, tmp_path: Path
) -> None:
    asked = iter([False, False, False])
    post = replace(
        sender(world, smtp_server.url, tmp_path / "sent.jsonl"), is_ending=lambda: next(asked, True)
    )
    assert post.drain()["handed_over"] == 2
    kept = world.messages()
    assert Counter((one.status, one.attempts, one.lease_until is None) for one in kept) == {
        (MessageStatus.HANDED_OVER, 1, True): 2,
        (MessageStatus.PENDING, 0, True): MAILS - 2,
    }
    assert sender(world, smtp_server.url, tmp_path / "sent.jsonl").drain()["handed_over"] == MAILS - 2
    assert len(smtp_server.journal()) == MAILS
