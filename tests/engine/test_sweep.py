"""The nightly sweep: once is enough, killed is resumed, missed is caught up, too much is held."""

import threading
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, select
from sqlmodel import col

from config.database import reading, writing
from tests.world import World, at
from workflow import outbox
from workflow.models.message import Message, MessageStatus
from workflow.models.notice import Notice, NoticeStatus
from workflow.models.obligation import Obligation
from workflow.models.person import Mailbox, Person
from workflow.models.sweep_run import SweepRun, SweepStatus
from workflow.sweep import run as engine_run
from workflow.sweep.run import NightAlreadyCovered, release, sweep

DUE = date(2026, 9, 25)


def issued(engine: Engine, *codes: str) -> World:
    world = World(engine, today=date(2026, 8, 20))
    for code in codes or ("GS14-01",):
        world.issue(code, due=DUE)
        world.move("ben", code, "acknowledge")
    return world


def state(world: World) -> tuple[object, ...]:
    """Everything a sweep writes, without ids."""
    return (
        sorted((one.key, one.status, one.kind) for one in world.rows(Notice)),
        sorted((one.key, one.kind) for one in world.messages()),
        sorted((one.id, one.level, one.due_on) for one in world.obligations()),
    )


def test_a_second_sweep_of_a_night_changes_nothing(engine: Engine) -> None:
    world = issued(engine)
    world.nights(until=date(2026, 9, 10))
    first = world.night(date(2026, 9, 11))
    before = state(world)
    again = world.night(date(2026, 9, 11))
    assert state(world) == before
    assert (again.id, again.counts) == (first.id, first.counts)


def test_a_dozen_sweeps_at_once_write_what_one_writes(engine: Engine) -> None:
    world = issued(engine, "GS14-01", "GS14-02", "GS14-03")
    world.nights(until=date(2026, 9, 27))
    start = threading.Barrier(12)
    faults: list[BaseException] = []

    def go() -> None:
        start.wait()
        try:
            sweep(lambda: writing(engine), date(2026, 9, 28), at(date(2026, 9, 28), 1, 30))
        except BaseException as fault:  # reported below, in the test's own thread
            faults.append(fault)

    threads = [threading.Thread(target=go) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert [one.level for one in world.obligations() if one.kind == "deliver"] == [1, 1, 1]
    told = [one for one in world.rows(Notice) if one.level == 1]
    assert len(told) == 6  # three directives, clerk and head
    assert len([one for one in world.messages() if one.night_on == date(2026, 9, 28)]) == 2


class Killed(BaseException):
    """As if the process had been killed: nothing catches it."""


@pytest.mark.parametrize("after", range(8))
def test_a_sweep_killed_before_any_of_its_commits_is_resumed_to_the_same_rows(
    engine: Engine, after: int
) -> None:
    world = issued(engine, "GS14-01", "GS14-02")
    world.nights(until=date(2026, 9, 27))
    commits = 0

    @contextmanager
    def dying():  # type: ignore[no-untyped-def]
        nonlocal commits
        with writing(engine) as db:
            yield db
            if commits == after:
                raise Killed
            commits += 1

    night = date(2026, 9, 28)
    with pytest.raises(Killed):
        sweep(dying, night, at(night, 1, 30))
    run = sweep(lambda: writing(engine), night, at(night, 4))
    assert run.status is SweepStatus.COMPLETED
    assert run.open_count == run.looked_at_count == 2
    assert len([one for one in world.rows(Notice) if one.level == 1]) == 4
    assert len([one for one in world.messages() if one.night_on == night]) == 2


def test_missed_nights_are_caught_up_with_one_mail_and_no_jump_of_levels(engine: Engine) -> None:
    world = issued(engine)
    world.nights(until=date(2026, 9, 9))
    world.night(date(2026, 9, 24))  # the nights of -10, -5 and -2 were missed
    wanted = [one for one in world.rows(Notice) if one.night_on == date(2026, 9, 24)]
    assert [(one.rung, one.status) for one in wanted if one.status is NoticeStatus.WANTED] == [
        (-2, NoticeStatus.WANTED)
    ]
    assert {one.rung for one in wanted if one.status is NoticeStatus.MERGED} == {-10, -5}
    world.deliver()
    world.night(date(2026, 11, 20))  # far past every threshold
    (delivery,) = [one for one in world.obligations() if one.kind == "deliver"]
    assert delivery.level == 1
    world.deliver()
    world.nights(until=date(2026, 11, 27))
    assert [(night, step) for night, _, step in world.told("ada")] == [
        (date(2026, 11, 25), 2),  # two working days after Friday 20/11: Mon 23, Wed 25 (24/11 is a holiday)
        (date(2026, 11, 27), 3),
    ]


def test_a_level_waits_for_the_one_below_to_be_handed_over(engine: Engine) -> None:
    world = issued(engine)
    world.nights(until=date(2026, 9, 28))
    world.nights(until=date(2026, 10, 5), deliver=False)
    levels = {one.level for one in world.obligations() if one.kind == "deliver"}
    assert levels == {2}  # level 2 was raised on 02/10 and its mail still lies in the outbox
    world.nights(until=date(2026, 10, 12), deliver=False)
    assert {one.level for one in world.obligations() if one.kind == "deliver"} == {2}
    world.deliver()
    world.nights(until=date(2026, 10, 13))
    assert {one.level for one in world.obligations() if one.kind == "deliver"} == {2}
    world.nights(until=date(2026, 10, 14))
    assert {one.level for one in world.obligations() if one.kind == "deliver"} == {3}


def test_closed_days_tell_nobody_and_the_next_open_night_misses_nothing(engine: Engine) -> None:
    world = issued(engine)
    world.nights(until=date(2026, 9, 17))
    for night in (date(2026, 9, 19), date(2026, 9, 20), date(2026, 9, 21)):  # Friday the 18th was missed
        world.night(night)
    assert [(night, step) for night, _, step in world.told("ben")] == [
        (date(2026, 9, 11), -10),
        (date(2026, 9, 21), -5),
    ]


def test_a_night_that_a_later_one_covered_is_refused(engine: Engine) -> None:
    world = issued(engine)
    world.night(date(2026, 9, 11))
    with pytest.raises(NightAlreadyCovered):
        world.night(date(2026, 9, 10))


def test_an_unfinished_night_is_overtaken_by_the_next(engine: Engine) -> None:
    world = issued(engine)
    world.nights(until=date(2026, 9, 10))
    with writing(engine) as db:
        engine_run.begin(db, date(2026, 9, 11), at(date(2026, 9, 11), 1, 30))
    world.night(date(2026, 9, 14))
    runs = {one.night_on: one.status for one in world.rows(SweepRun)}
    assert runs[date(2026, 9, 11)] is SweepStatus.OVERTAKEN
    assert world.told("ben") == [(date(2026, 9, 14), "reminder", -10)]


def test_the_brake_holds_everything_until_an_operator_releases_it(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = issued(engine)
    world.nights(until=date(2026, 9, 24))
    with writing(engine) as db:
        _publish_cap(db, 1)
    run = world.night(date(2026, 9, 25))
    assert run.held_count == 0  # one mail does not exceed a cap of one
    world.deliver()
    run = world.night(date(2026, 9, 28))
    assert (run.message_count, run.held_count) == (2, 2)
    assert {one.status for one in world.messages() if one.sweep_run_id == run.id} == {MessageStatus.HELD}
    with writing(engine) as db:
        assert release(db, run.night_on, at(run.night_on, 9)) == 2
        claimed = outbox.claim(db, at=at(run.night_on, 9), real=at(run.night_on, 9), limit=10)
    assert len(claimed.leased) == 2


def _publish_cap(db: object, cap: int) -> None:
    from importlib import resources

    from config import rules

    source = resources.files("config").joinpath("policies/default.yaml").read_text(encoding="utf-8")
    rules.publish_policy(db, source.replace("cap: 500", f"cap: {cap}"), "default", at(date(2026, 9, 24)))  # type: ignore[arg-type]


def test_nobody_to_tell_is_written_down_and_does_not_stop_the_ladder(engine: Engine) -> None:
    world = issued(engine)
    with writing(engine) as db:
        for person in db.scalars(
            select(Person).where(col(Person.email).in_(["ben@lamgiang.example", "huy@lamgiang.example"]))
        ):
            person.mailbox = Mailbox.DEAD
            db.add(person)
    world.nights(until=date(2026, 10, 2))
    silent = [one for one in world.rows(Notice) if one.status is NoticeStatus.UNREACHABLE]
    assert {(one.rung, one.level) for one in silent} >= {(-10, None), (0, None), (None, 1)}
    assert all(one.reason == "nobody_reachable" and one.person_id is None for one in silent)
    assert world.told("ada") == [(date(2026, 10, 2), "escalation", 2)]


def test_somebody_stands_in_when_a_post_is_empty_or_its_holder_is_away(engine: Engine) -> None:
    world = issued(engine)
    with writing(engine) as db:
        ben = db.scalars(select(Person).where(col(Person.email) == "ben@lamgiang.example")).one()
        ben.absent_from, ben.absent_until = date(2026, 9, 10), date(2026, 9, 15)
        db.add(ben)
    world.nights(until=date(2026, 9, 18))
    assert world.told("huy") == [(date(2026, 9, 11), "reminder", -10)]
    assert world.told("ben") == [(date(2026, 9, 18), "reminder", -5)]


def test_one_recipient_gets_one_mail_a_night_whatever_it_says(engine: Engine) -> None:
    world = World(engine, today=date(2026, 8, 20))
    for number, due in enumerate(
        (date(2026, 9, 25), date(2026, 9, 28), date(2026, 9, 30), date(2026, 10, 9))
    ):
        world.issue(f"GS14-{number}", due=due)
    world.nights(until=date(2026, 10, 12))
    nights = [(one.person_id, one.night_on) for one in world.messages() if one.sweep_run_id]
    assert len(nights) == len(set(nights))
    assert len(nights) > 10


def test_the_certificate_counts_every_open_obligation(engine: Engine) -> None:
    world = issued(engine, "GS14-01", "GS14-02")
    world.issue("GS14-03", rhythm="FREQ=MONTHLY")
    run = world.night(date(2026, 9, 11))
    with reading(engine) as db:
        running = len(list(db.scalars(select(Obligation).where(col(Obligation.status) == "running"))))
    assert run.open_count == run.looked_at_count == running
    assert run.counts["deliver:-10"] == 2
    assert run.since_on == date(2026, 9, 10)
    assert run.completed_at is not None


def test_use_by_lets_no_stale_mail_go_out(engine: Engine) -> None:
    world = issued(engine)
    world.nights(until=date(2026, 9, 11), deliver=False)
    late = at(date(2026, 9, 11) + timedelta(days=5))
    with writing(engine) as db:
        claim = outbox.claim(db, at=late, real=late, limit=10)
    assert claim.leased == []
    assert {one.status for one in world.rows(Message) if one.sweep_run_id} == {MessageStatus.EXPIRED}
