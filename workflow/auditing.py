"""The escalation auditor: what should have been told so far, read forwards row by row, against the ledger.

It shares no statement with the sweep. A difference is an alarm, never repaired by itself: either the ledger was
touched, or one of the two readings is wrong.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import func, or_, select
from sqlmodel import Session, col

from workflow import audit, operations, rulebook
from workflow.access import SYSTEM
from workflow.ledger import Account, Line, accounts
from workflow.models.directive import Directive
from workflow.models.ledger_check import LedgerCheck
from workflow.models.notice import Notice, NoticeStatus
from workflow.models.obligation import Obligation, ObligationStatus
from workflow.models.rule_version import RuleKind, RuleVersion
from workflow.models.sweep_run import SweepRun, SweepStatus
from workflow.nights import Nights
from workflow.replay import Expected, Replay
from workflow.words import Texts, pair

KEPT = 200
CHUNK = 500
SETTLED_SINCE = timedelta(days=31)


@dataclass(frozen=True)
class Difference:
    """`kind`: missing, unexpected, wrong_night, wrong_date, wrong_status, wrong_level or wrong_count."""

    kind: str
    code: str
    night: date
    step: str
    text: Texts

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind, "directive": self.code, "night": self.night.isoformat(), "step": self.step,
            "text": self.text,
        }  # fmt: skip


@dataclass(frozen=True)
class Finding:
    """`obligations` and `steps` say how much was looked at; no differences means the ledger is right."""

    night: date | None
    obligations: int
    steps: int
    differences: tuple[Difference, ...]

    def as_json(self) -> dict[str, Any]:
        return {
            "night": self.night.isoformat() if self.night else None,
            "obligations": self.obligations,
            "steps": self.steps,
            "differences": [one.as_json() for one in self.differences],
        }


def compare(db: Session, *, everything: bool = False) -> Finding:
    """What is open, and what was settled in the last month (or everything ever opened)."""
    nights = Nights(db)
    if nights.last is None:
        return Finding(None, 0, 0, ())
    policies = {
        one: rulebook.policy(db, one)
        for one in db.scalars(select(col(RuleVersion.id)).where(col(RuleVersion.kind) == RuleKind.POLICY))
    }
    zone = rulebook.active_policy(db).zone
    found = list(_counted(db, nights))
    looked_at = steps = 0
    for rows in _chunks(db, None if everything else nights.last - SETTLED_SINCE):
        obligations = [obligation for obligation, _ in rows]
        codes = {obligation.id: code for obligation, code in rows}
        for account in accounts(db, obligations, lambda day: rulebook.local_instant(day, time(0, 0), zone)):
            replay = Replay(account, nights, policies)
            looked_at, steps = looked_at + 1, steps + len(replay.expected)
            found += _differences(account, replay, codes[account.obligation.id])
        db.expunge_all()
    return Finding(nights.last, looked_at, steps, tuple(found))


def _chunks(db: Session, since: date | None) -> Iterator[list[tuple[Obligation, str]]]:
    columns: tuple[Any, ...] = (Obligation, col(Directive.code))
    query = select(*columns).join(Directive, col(Directive.id) == col(Obligation.directive_id))
    if since is not None:
        open_ones = col(Obligation.status).in_([ObligationStatus.RUNNING, ObligationStatus.PAUSED])
        query = query.where(or_(open_ones, col(Obligation.met_on) >= since))
    after = 0
    while rows := _page(db, query, after):
        yield rows
        after = rows[-1][0].id


def _page(db: Session, query: Any, after: int) -> list[tuple[Obligation, str]]:
    paged = query.where(col(Obligation.id) > after).order_by(col(Obligation.id)).limit(CHUNK)
    return [(obligation, code) for obligation, code in db.execute(paged)]


def _counted(db: Session, nights: Nights) -> Iterator[Difference]:
    """Each certificate says how many lines its sweep wrote: a line deleted since leaves a gap."""
    query = select(col(Notice.sweep_run_id), func.count()).group_by(col(Notice.sweep_run_id))
    held = dict(db.execute(query.where(col(Notice.sweep_run_id).is_not(None))).all())
    for run in nights.runs:
        if (there := held.get(run.id, 0)) != run.notice_count:
            yield Difference(
                "wrong_count", "-", run.night_on, "-",
                pair(f"giấy chứng ghi {run.notice_count} dòng, sổ còn {there}",
                     f"the certificate says {run.notice_count} lines, the ledger holds {there}"),
            )  # fmt: skip


def _differences(account: Account, replay: Replay, code: str) -> Iterator[Difference]:
    expected = {(one.mark, one.version): one for one in replay.expected}
    written = Counter((line.mark, line.version) for line in account.lines)
    for key, one in expected.items():
        lines = account.of(*key)
        yield from _of_step(code, one, [line for line in lines if not line.by_hand] or lines)
    for key in written:
        if key not in expected:
            yield from _unasked(code, account.of(*key))
    obligation = account.obligation
    if obligation.level != replay.level and obligation.status is ObligationStatus.RUNNING:
        yield Difference(
            "wrong_level", code, obligation.level_raised_on or obligation.due_on, f"L:{obligation.level}",
            pair(f"đang ở cấp {obligation.level}, đáng lẽ cấp {replay.level}",
                 f"stands on level {obligation.level}, should be on {replay.level}"),
        )  # fmt: skip


def _of_step(code: str, one: Expected, lines: list[Line]) -> Iterator[Difference]:
    night = f"{one.night:%d/%m/%Y}"
    if not lines:
        yield Difference(
            "missing", code, one.night, one.mark,
            pair(f"đáng lẽ báo đêm {night}, sổ không có", f"should have been told on {night}; the ledger has no line"),
        )  # fmt: skip
    for line in lines:
        if line.night != one.night:
            told = f"{line.night:%d/%m/%Y}"
            yield Difference(
                "wrong_night", code, line.night, one.mark,
                pair(f"báo đêm {told}, đáng lẽ {night}", f"told on {told}, should be {night}"),
            )  # fmt: skip
        elif line.due_on != one.due_on:
            yield Difference(
                "wrong_date", code, line.night, one.mark,
                pair(f"ghi hạn {line.due_on:%d/%m/%Y}, hạn lúc ấy là {one.due_on:%d/%m/%Y}",
                     f"says due {line.due_on:%d/%m/%Y}, it was {one.due_on:%d/%m/%Y}"),
            )  # fmt: skip
        elif (line.status is NoticeStatus.MERGED) != one.merged:
            yield Difference(
                "wrong_status", code, line.night, one.mark,
                pair("gộp hay báo không đúng", "merged where it should be told, or the other way round"),
            )  # fmt: skip


def _unasked(code: str, lines: list[Line]) -> Iterator[Difference]:
    for line in lines:
        if not line.by_hand:
            night = f"{line.night:%d/%m/%Y}"
            yield Difference(
                "unexpected", code, line.night, line.mark,
                pair(f"báo đêm {night} mà không quy tắc nào đòi", f"told on {night}, though no rule asks for it"),
            )  # fmt: skip


def check(db: Session, now: datetime) -> LedgerCheck | None:
    """Once for each night: compare, keep the verdict, journal an alarm when it is not empty."""
    last = select(func.max(col(SweepRun.night_on))).where(col(SweepRun.status) == SweepStatus.COMPLETED)
    night = db.scalar(last)
    if night is None or db.scalar(select(LedgerCheck.id).where(col(LedgerCheck.night_on) == night)):  # type: ignore[call-overload]
        return None
    finding = compare(db)
    row = LedgerCheck(
        night_on=night,
        checked_at=now,
        obligation_count=finding.obligations,
        step_count=finding.steps,
        difference_count=len(finding.differences),
        differences=[one.as_json() for one in finding.differences[:KEPT]],
    )
    db.add(row)
    if finding.differences:
        event = audit.record(
            db, SYSTEM, "ledger.differs", at=now, on=rulebook.local_day(now, rulebook.active_policy(db).zone),
            reason=night.isoformat(), detail={"differences": len(finding.differences)},
        )  # fmt: skip
        operations.tell(db, event, now=now)
    return row


def latest(db: Session) -> LedgerCheck | None:
    return db.scalar(select(LedgerCheck).order_by(col(LedgerCheck.night_on).desc()).limit(1))
