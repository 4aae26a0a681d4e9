"""Making checkpoints of closed directives, a piece at a time, each in a transaction of its own.

While a piece is made nobody writes to the journal. So an event either was there when its directive was folded,
or has a later id than the mark and takes the row out of use. Every act that changes what is folded writes one.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from sqlalchemy import Select, delete, func, insert, select, union_all
from sqlmodel import Session, col

from workflow import asof, audit
from workflow.models.checkpoint import Checkpoint, CheckpointMark
from workflow.models.directive import NO_DAY, Directive
from workflow.models.event import Event
from workflow.models.obligation import Obligation, ObligationStatus
from workflow.models.obligation_past import ObligationPast
from workflow.statements import changed

PIECE = 2_000
"""Directives looked at in one transaction: some 0.1 s in which acts wait."""
Transaction = Callable[[], AbstractContextManager[Session]]


def make(transaction: Transaction, goes_on: Callable[[], bool] = lambda: True) -> int:
    """Forget what was touched, fold what has closed since; `goes_on` is asked between pieces. How many were made."""
    made, after = 0, 0
    while goes_on():
        with transaction() as db:
            audit.hold_writers(db)
            _forget_touched(db)
            ids = list(db.scalars(_closed(after).limit(PIECE)))
            made += _fold(db, _closed(after).where(col(Directive.id) <= ids[-1])) if ids else 0
        if len(ids) < PIECE:
            break
        after = ids[-1]
    return made


def forget_all(transaction: Transaction) -> None:
    """From now on everything is folded."""
    with transaction() as db:
        db.execute(delete(Checkpoint))
        db.execute(delete(CheckpointMark))


def _forget_touched(db: Session) -> None:
    """Rows with newer events go, and the mark moves up to the newest event of all."""
    mark = db.get(CheckpointMark, 1) or CheckpointMark(id=1, last_event_id=0)
    touched = select(col(Event.directive_id)).where(col(Event.id) > mark.last_event_id)
    given = touched.where(col(Event.directive_id).is_not(None))
    db.execute(delete(Checkpoint).where(col(Checkpoint.directive_id).in_(given)))
    mark.last_event_id = db.scalar(select(func.max(col(Event.id)))) or 0
    db.add(mark)
    db.flush()


def _closed(after: int) -> Select[Any]:
    """Closed, with nothing running or paused, and not folded yet."""
    alive = col(Obligation.status).in_([ObligationStatus.RUNNING, ObligationStatus.PAUSED])
    owes = select(col(Obligation.id)).where(col(Obligation.directive_id) == col(Directive.id), alive)
    folded = select(col(Checkpoint.directive_id)).where(col(Checkpoint.directive_id) == col(Directive.id))
    nothing = ~owes.correlate(Directive).exists(), ~folded.correlate(Directive).exists()
    query = select(col(Directive.id)).where(col(Directive.id) > after, col(Directive.closed_on).is_not(None))
    return query.where(*nothing).order_by(col(Directive.id))


def _fold(db: Session, among: Select[Any]) -> int:
    row, settled = asof.folded_at(NO_DAY, among).subquery("folded"), _settled(among)
    names = [one.name for one in row.c]
    rows = select(*row.c, settled.c.settled_on).join(settled, settled.c.directive_id == row.c.directive_id)
    return changed(db, insert(Checkpoint).from_select([*names, "settled_on"], rows))


def _settled(among: Select[Any]) -> Any:
    """The last day that stands anywhere in what is folded: on that evening and later nothing else was true."""
    owed: Any = col(Obligation.directive_id)
    past = select(owed, col(ObligationPast.until_on)).join(
        Obligation, col(Obligation.id) == col(ObligationPast.obligation_id)
    )
    days = union_all(
        select(col(Event.directive_id).label("directive_id"), col(Event.on).label("day")).where(
            col(Event.directive_id).in_(among)
        ),
        past.where(owed.in_(among)),
        select(owed, col(Obligation.opened_on)).where(owed.in_(among)),
        select(owed, col(Obligation.met_on)).where(owed.in_(among), col(Obligation.met_on).is_not(None)),
    ).subquery("days")
    query = select(days.c.directive_id, func.max(days.c.day).label("settled_on"))
    return query.group_by(days.c.directive_id).subquery("settled")
