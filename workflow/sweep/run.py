"""The nightly sweep: stages that each run once per night, and the certificate they leave.

Every stage is one transaction that locks the night's row, so a sweep killed anywhere is resumed at
the stage it had not finished, and a hundred sweeps at once write what one would.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from time import monotonic

from sqlalchemy import and_, func, select, update
from sqlmodel import Session, col

from workflow import failpoints, rulebook
from workflow.bundles import bundle
from workflow.errors import WorkflowError
from workflow.models.message import Message, MessageStatus
from workflow.models.notice import Notice
from workflow.models.obligation import RUNNING, Obligation
from workflow.models.rule_version import RuleKind
from workflow.models.sweep_run import SweepRun, SweepStatus
from workflow.statements import insert_new
from workflow.sweep.again import tell_again
from workflow.sweep.escalate import escalate
from workflow.sweep.leadership import leadership_digest
from workflow.sweep.night import Night, policies_in_use
from workflow.sweep.remind import remind
from workflow.sweep.rhythm import open_periods
from workflow.sweep.weekly import weekly_digest

Transaction = Callable[[], AbstractContextManager[Session]]


class NightAlreadyCovered(WorkflowError):
    """A later night has completed: its sweep answered for this night's days."""

    sentences = {
        "vi": "Đêm {night} đã được lượt quét đêm {covered_by} bao quát.",
        "en": "The night of {night} was already covered by the sweep of {covered_by}.",
    }


class NightNotYet(WorkflowError):
    """Only nights that have begun can be swept for real."""

    sentences = {
        "vi": "Chưa đến đêm {night} (hôm nay {today}); dùng --dry-run hoặc simulate để xem trước.",
        "en": "The night of {night} has not come (today is {today}); use --dry-run or simulate to look ahead.",
    }


class OverCap(WorkflowError):
    """The brake: more mails than the policy allows in one night."""

    sentences = {
        "vi": "Dừng trước khi gửi: {count} thư, mức trần {cap}. Xem: dondoc sweep show {night}; cho gửi: dondoc sweep resume --over-cap.",
        "en": "Stopped before sending: {count} mails, the cap is {cap}. See: dondoc sweep show {night}; release: dondoc sweep resume --over-cap.",
    }
    exit_code = 6


@dataclass(frozen=True)
class Stage:
    name: str
    apply: Callable[[Session, Night], None]


def sweep(transaction: Transaction, night_on: date, now: datetime) -> SweepRun:
    """Run, resume or just read the sweep of one night; returns its certificate."""
    with transaction() as db:
        run = begin(db, night_on, now)
        stage, done = run.stage, run.status is not SweepStatus.RUNNING
    while not done:
        started = monotonic()
        failpoints.passing("sweep.stage")
        with transaction() as db:
            run = _locked(db, night_on)
            stage, done = run.stage, run.status is not SweepStatus.RUNNING
            if not done and stage < len(STAGES):
                night = _night(db, run, now)
                STAGES[stage].apply(db, night)
                run.stage, run.counts = stage + 1, _added(run.counts, night.counts)
                run.seconds = round(run.seconds + monotonic() - started, 3)
                db.add(run)
                db.flush()
                failpoints.passing("sweep.commit")
            done = done or run.stage >= len(STAGES)
    return run


def begin(db: Session, night_on: date, now: datetime) -> SweepRun:
    """The night's row: unique, so a second scheduler finds it instead of starting another."""
    _refuse_covered(db, night_on)
    since = last_told_night(db) or night_on - timedelta(days=1)
    calendar_id = rulebook.active(db, RuleKind.CALENDAR).id
    fresh = {
        "night_on": night_on,
        "since_on": min(since, night_on - timedelta(days=1)),
        "status": SweepStatus.RUNNING,
        "stage": 0,
        "told": rulebook.calendar(db, calendar_id).is_open(night_on),
        "started_at": now,
        "calendar_id": calendar_id,
        "counts": {},
    }
    db.execute(insert_new(db, SweepRun).values(**_defaults(), **fresh))
    return _locked(db, night_on)


def _defaults() -> dict[str, object]:
    return {
        "open_count": 0, "looked_at_count": 0, "notice_count": 0, "message_count": 0, "held_count": 0, "seconds": 0.0,
    }  # fmt: skip


def _refuse_covered(db: Session, night_on: date) -> None:
    last = last_night(db)
    if last is not None and last > night_on:
        own = db.scalar(select(SweepRun).where(col(SweepRun.night_on) == night_on))
        if own is None or own.status is not SweepStatus.COMPLETED:
            raise NightAlreadyCovered(night=f"{night_on:%d/%m/%Y}", covered_by=f"{last:%d/%m/%Y}")


def last_told_night(db: Session) -> date | None:
    """The high-water mark: rungs up to and including this day have been told."""
    told = select(func.max(col(SweepRun.night_on))).where(
        col(SweepRun.status) == SweepStatus.COMPLETED, col(SweepRun.told)
    )
    return db.scalar(told)


def last_night(db: Session) -> date | None:
    done = col(SweepRun.status) == SweepStatus.COMPLETED
    return db.scalar(select(func.max(col(SweepRun.night_on))).where(done))


def _locked(db: Session, night_on: date) -> SweepRun:
    query = select(SweepRun).where(col(SweepRun.night_on) == night_on).with_for_update()
    return db.scalars(query.execution_options(populate_existing=True)).one()


def _night(db: Session, run: SweepRun, now: datetime) -> Night:
    return Night(
        on=run.night_on,
        since=run.since_on,
        since_any=last_night(db) or run.since_on,
        now=now,
        run_id=run.id,
        calendar=rulebook.calendar(db, run.calendar_id),
        policies=policies_in_use(db),
    )


def _added(before: dict[str, int], more: dict[str, int]) -> dict[str, int]:
    return {name: before.get(name, 0) + more.get(name, 0) for name in {**before, **more}}


def _bundle(db: Session, night: Night) -> None:
    policy = rulebook.active_policy(db)
    send_at = rulebook.local_instant(night.on, policy.send_at, policy.zone)
    ours = col(Notice.sweep_run_id) == night.run_id
    bundle(db, ours, now=night.now, send_at=max(send_at, night.now), run_id=night.run_id)


def _brake(db: Session, night: Night) -> None:
    """Hold the whole run rather than flood people: an operator looks first."""
    ours = col(Message.sweep_run_id) == night.run_id
    count = db.scalar(select(func.count()).select_from(Message).where(ours)) or 0
    held = count if count > rulebook.active_policy(db).cap else 0
    if held:
        pending = and_(ours, col(Message.status) == MessageStatus.PENDING)
        db.execute(update(Message).where(pending).values(status=MessageStatus.HELD, reason="over_cap"))
    run = db.get_one(SweepRun, night.run_id)
    run.message_count, run.held_count = count, held
    db.add(run)


def _complete(db: Session, night: Night) -> None:
    """The certificate: everything open was looked at, or the difference shows."""
    run = db.get_one(SweepRun, night.run_id)
    groups = select(col(Obligation.policy_id), col(Obligation.ladder), func.count()).where(RUNNING)
    covered = {(policy_id, name) for policy_id, policy in night.policies.items() for name in policy.ladders}
    for policy_id, ladder, count in db.execute(
        groups.group_by(col(Obligation.policy_id), col(Obligation.ladder))
    ):
        run.open_count += count
        run.looked_at_count += count if (policy_id, ladder) in covered else 0
    ours = col(Notice.sweep_run_id) == run.id
    run.notice_count = db.scalar(select(func.count()).select_from(Notice).where(ours)) or 0
    run.status, run.completed_at = SweepStatus.COMPLETED, night.now
    db.add(run)
    earlier = and_(col(SweepRun.night_on) < night.on, col(SweepRun.status) == SweepStatus.RUNNING)
    db.execute(update(SweepRun).where(earlier).values(status=SweepStatus.OVERTAKEN))


STAGES = (
    Stage("rhythm", open_periods),
    Stage("escalate", escalate),
    Stage("remind", remind),
    Stage("weekly", weekly_digest),
    Stage("leadership", leadership_digest),
    Stage("bundle", _bundle),
    Stage("again", tell_again),
    Stage("brake", _brake),
    Stage("complete", _complete),
)


def release(db: Session, night_on: date, now: datetime) -> int:
    """Let a held run go out; returns the number of messages released."""
    run = _locked(db, night_on)
    held = and_(col(Message.sweep_run_id) == run.id, col(Message.status) == MessageStatus.HELD)
    released = db.execute(
        update(Message)
        .where(held)
        .values(status=MessageStatus.PENDING, reason=None, use_by_at=now + timedelta(days=3))
    ).rowcount  # type: ignore[attr-defined]
    run.released_at, run.held_count = now, 0
    db.add(run)
    return int(released)
