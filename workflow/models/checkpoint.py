"""What was folded once of directives that are closed, so that figures need not fold them again."""

from datetime import date

from sqlmodel import Field, SQLModel

from workflow.models.columns import KEY


class Checkpoint(SQLModel, table=True):
    """The row that `asof.directives_at` folds of this directive for every evening from `settled_on` on.

    `settled_on`: the last day on which anything of it happened. The row counts while the journal holds no
    event of the directive later than `CheckpointMark` says. It can be thrown away and made again.

    No foreign key: it would lock the directive's row, for which those who wait for the journal's lock wait.
    """

    directive_id: int = Field(primary_key=True, sa_type=KEY, sa_column_kwargs={"autoincrement": False})
    settled_on: date
    state: str = Field(max_length=40)
    entered_on: date
    lead_id: int | None = Field(default=None, sa_type=KEY)
    issued_on: date | None = None
    due_on: date | None = None
    original_due_on: date | None = None
    first_due_on: date | None = None
    reported_on: date | None = None
    met_on: date | None = None
    level: int
    extensions: int


class CheckpointMark(SQLModel, table=True):
    """One row: every event up to and including `last_event_id` was read when the checkpoints were made."""

    __tablename__ = "checkpoint_mark"

    id: int = Field(default=1, primary_key=True, sa_type=KEY, sa_column_kwargs={"autoincrement": False})
    last_event_id: int = Field(sa_type=KEY)
