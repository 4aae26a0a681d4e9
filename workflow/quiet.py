"""Why nobody was told anything: for each open obligation a night passed over, the reason."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func, literal, select
from sqlmodel import Session, col

from workflow import access, rulebook
from workflow.access import Actor
from workflow.calendar import WorkingCalendar
from workflow.ladder import ObligationKind, Step, timetable
from workflow.models.directive import Directive
from workflow.models.notice import Notice
from workflow.models.obligation import Obligation, ObligationStatus
from workflow.models.sweep_run import SweepRun
from workflow.words import Texts, pair

OPEN = (ObligationStatus.RUNNING, ObligationStatus.PAUSED)


@dataclass(frozen=True)
class Quiet:
    code: str
    obligation: ObligationKind
    due_on: date
    why: Texts


def quiet(db: Session, actor: Actor, run: SweepRun) -> Iterator[Quiet]:
    """Open obligations without a line in this run. Says what is so today, so ask about the latest night."""
    calendar = rulebook.calendar(db, run.calendar_id)
    columns: tuple[Any, ...] = (Obligation, col(Directive.code))
    query = _silent(select(*columns), actor, run).order_by(col(Directive.code), col(Obligation.id))
    for obligation, code in db.execute(query):
        yield Quiet(code, obligation.kind, obligation.due_on, _why(db, obligation, run, calendar))


def how_many(db: Session, actor: Actor, run: SweepRun) -> int:
    return db.scalar(_silent(select(func.count()).select_from(Obligation), actor, run)) or 0


def _silent(query: Select[Any], actor: Actor, run: SweepRun) -> Select[Any]:
    told = select(literal(1)).where(
        col(Notice.sweep_run_id) == run.id, col(Notice.obligation_id) == col(Obligation.id)
    )
    return query.join(Directive, col(Directive.id) == col(Obligation.directive_id)).where(
        col(Obligation.status).in_(OPEN), ~told.exists(), access.visible(actor)
    )


def _why(db: Session, obligation: Obligation, run: SweepRun, base: WorkingCalendar) -> Texts:
    policy = rulebook.policy(db, obligation.policy_id)
    calendar = policy.counted(base)
    if obligation.status is ObligationStatus.PAUSED:
        return pair("đang tạm dừng", "suspended")
    if not calendar.is_open(run.night_on):
        name = calendar.note(run.night_on).name
        return pair(f"ngày nghỉ: {name['vi']}", f"closed day: {name['en']}")
    ladder = policy.ladders[obligation.ladder]
    steps = timetable(ladder, calendar, obligation.opened_on, obligation.due_on, obligation.span_days)
    waiting = [step for step in steps if _is_ahead(step, obligation, run.night_on)]
    return _next(waiting[0], run.night_on) if waiting else pair("đã hết mốc và cấp", "no step is left")


def _is_ahead(step: Step, obligation: Obligation, night: date) -> bool:
    if step.level is not None:
        return step.level.level > obligation.level
    return step.applies and step.on > night


def _next(step: Step, night: date) -> Texts:
    if step.level is not None and step.on <= night:
        level = step.level.level
        return pair(f"chờ đủ khoảng cách để lên cấp {level}", f"waits for its gap before level {level}")
    day = f"{step.on:%d/%m/%Y}"
    if step.level is not None:
        level = step.level.level
        return pair(f"chưa đến: lên cấp {level} ngày {day}", f"not yet: level {level} on {day}")
    return pair(f"chưa đến: mốc {step.offset:+d} ngày {day}", f"not yet: rung {step.offset:+d} on {day}")
