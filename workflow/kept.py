"""What figures take from the checkpoint, and what is left to fold.

A checkpoint's row counts for the evenings from the day on which all of its directive had happened, and only
while the journal holds nothing newer of that directive: an act told late, whatever day it names, is newer too.
"""

from datetime import date
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, CompoundSelect, Select, exists, func, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from workflow.models.checkpoint import Checkpoint, CheckpointMark
from workflow.models.directive import Directive
from workflow.models.event import Event

Among: TypeAlias = Select[Any] | CompoundSelect[Any] | None
"""The ids of the directives that can matter: what lies outside is not folded at all."""


def rows(on: date, among: Among) -> Select[Any]:
    """The columns of `asof.folded_at` for all directives of which a checkpoint tells that evening."""
    columns: tuple[Any, ...] = (
        col(Checkpoint.directive_id), col(Checkpoint.state), col(Checkpoint.entered_on), col(Checkpoint.lead_id),
        col(Checkpoint.issued_on), col(Checkpoint.due_on), col(Checkpoint.original_due_on),
        col(Checkpoint.first_due_on), col(Checkpoint.reported_on), col(Checkpoint.met_on), col(Checkpoint.level),
        col(Checkpoint.extensions),
    )  # fmt: skip
    query = select(*columns).where(*_counts(Checkpoint, on))
    return query if among is None else query.where(col(Checkpoint.directive_id).in_(among))


def others(on: date, among: Among = None) -> Select[Any]:
    """The ids of all other directives."""
    held: Any = aliased(Checkpoint, name="held_checkpoint")
    counts = exists().where(held.directive_id == col(Directive.id), *_counts(held, on)).correlate(Directive)
    query = select(col(Directive.id)).where(~counts)
    return query if among is None else query.where(col(Directive.id).in_(among))


def _counts(row: Any, on: date) -> tuple[ColumnElement[bool], ...]:
    newer: Any = aliased(Event, name="newer_event")
    read = select(func.max(col(CheckpointMark.last_event_id))).scalar_subquery()
    touched = exists().where(newer.directive_id == row.directive_id, newer.id > func.coalesce(read, 0))
    return row.settled_on <= on, ~touched.correlate(row)
