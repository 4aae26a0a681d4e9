"""Who was not mailed in the last sweep, and why: each running obligation without a line of that night."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from workflow.access import Actor, visible
from workflow.calendar import WorkingCalendar
from workflow.ladder import ObligationKind, Step, timetable
from workflow.models.directive import Directive
from workflow.models.notice import Notice
from workflow.models.obligation import Obligation, ObligationStatus
from workflow.models.sweep_run import SweepRun
from workflow.policy import Policy
from workflow.words import Texts, pair

AT_MOST = 50


@dataclass(frozen=True)
class Silent:
    code: str
    title: str
    kind: ObligationKind
    why: Texts
    next_on: date | None
    next_step: Texts | None


def silent(
    db: Session, actor: Actor, run: SweepRun, calendar: WorkingCalendar, policies: dict[int, Policy]
) -> tuple[list[Silent], int]:
    """The nearest due days first, and how many there are in all."""
    told = select(col(Notice.obligation_id)).where(
        col(Notice.sweep_run_id) == run.id, col(Notice.obligation_id).is_not(None)
    )
    open_then = (
        col(Obligation.status) == ObligationStatus.RUNNING, col(Obligation.opened_on) < run.night_on,
        visible(actor), col(Obligation.id).not_in(told),
    )  # fmt: skip
    # One pass finds the first and counts them all; only the first are then read.
    first = db.execute(
        select(col(Obligation.id), func.count().over())
        .join(Directive, col(Directive.id) == col(Obligation.directive_id))
        .where(*open_then)
        .order_by(col(Obligation.due_on), col(Obligation.id))
        .limit(AT_MOST)
    ).all()
    columns: tuple[Any, ...] = (Obligation, col(Directive.code), col(Directive.title))
    rows = db.execute(
        select(*columns)
        .join(Directive, col(Directive.id) == col(Obligation.directive_id))
        .where(col(Obligation.id).in_([key for key, _ in first]))
        .order_by(col(Obligation.due_on), col(Obligation.id))
    )
    total = first[0][1] if first else 0
    return [_silent(policies, row, run, calendar) for row in rows], total


def _silent(policies: dict[int, Policy], row: Any, run: SweepRun, calendar: WorkingCalendar) -> Silent:
    obligation, code, title = row
    policy = policies[obligation.policy_id]
    counting = policy.counted(calendar)
    steps = timetable(
        policy.ladders[obligation.ladder],
        counting,
        obligation.opened_on,
        obligation.due_on,
        obligation.span_days,
    )
    ahead = next((step for step in steps if _is_ahead(step, obligation, run.night_on)), None)
    days = counting.count(run.night_on, obligation.due_on)
    return Silent(
        code, title, obligation.kind, _why(obligation, days, told=run.told, is_last=ahead is None),
        max(ahead.on, run.night_on) if ahead else None, _named(ahead) if ahead else None,
    )  # fmt: skip


def _is_ahead(step: Step, obligation: Obligation, night: date) -> bool:
    if step.level is not None:
        return step.level.level > obligation.level
    return step.applies and step.on > night


def _why(obligation: Obligation, days: int, *, told: bool, is_last: bool) -> Texts:
    if not told:
        return pair("Ngày nghỉ, không gửi thư.", "A closed day: no mails.")
    if days >= 0:
        return pair(
            f"Còn {days} ngày làm việc, không trùng mốc nhắc nào.",
            f"{days} working days left, no rung falls on this night.",
        )
    if is_last:
        return pair(
            f"Quá hạn {-days} ngày làm việc. Đã báo cáo đến cấp cuối của việc này.",
            f"{-days} working days overdue. The last level of this duty has been told.",
        )
    if obligation.level:
        return pair(
            f"Quá hạn {-days} ngày làm việc. Đã ở cấp {obligation.level}, chưa đến ngưỡng cấp sau.",
            f"{-days} working days overdue. On level {obligation.level}, the next one is not due yet.",
        )
    return pair(
        f"Quá hạn {-days} ngày làm việc, chưa đến mốc sau.", f"{-days} working days overdue, no step tonight."
    )


def _named(step: Step) -> Texts:
    if step.level is not None:
        return pair(f"cấp {step.level.level}", f"level {step.level.level}")
    return pair(
        f"nhắc {abs(step.offset)} ngày" if step.offset else "nhắc ngày đến hạn", f"rung {step.offset:+d}"
    )
