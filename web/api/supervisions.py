"""Supervisions: a delegation's working sessions."""

from datetime import date
from typing import Annotated

from fastapi import Path
from pydantic import BaseModel, Field
from starlette.responses import Response

from web.api.acting import act
from web.api.caller import Reader, RegisterWriter
from web.api.noun import noun
from web.api.strict import Given
from workflow import register
from workflow.desk import Desk
from workflow.store import supervisions
from workflow.store.supervisions import Row

router = noun("supervisions")


class Supervised(BaseModel):
    """The counts are of directives the caller may know."""

    code: str
    delegation: str
    subject: str
    session_on: date | None
    directives: int
    open: int
    overdue: int


class SupervisionList(BaseModel):
    rows: list[Supervised]


class SupervisionWanted(Given):
    """`delegation` is the code of the body."""

    code: str = Field(min_length=1, max_length=40, pattern=r"^[A-Za-z0-9._-]+$")
    delegation: str = Field(min_length=1, max_length=40)
    subject: str = Field(min_length=1, max_length=2_000)
    session_on: date | None = None


class Opened(BaseModel):
    code: str
    subject: str


@router.get("/supervisions")
def supervision_list(visit: Reader) -> SupervisionList:
    """Those of one's own delegation, or in which one's agency was given something."""
    rows = supervisions.all_rows(visit.db, visit.me, visit.rules.as_of)
    return SupervisionList(rows=[_supervised(row) for row in rows])


@router.get("/supervisions/{code}")
def supervision(visit: Reader, code: Annotated[str, Path(max_length=40)]) -> Supervised:
    """One, with the counts of its directives."""
    return _supervised(supervisions.get(visit.db, visit.me, visit.rules.as_of, code))


@router.post("/supervisions", status_code=201, response_model=Opened)
def add_supervision(visit: RegisterWriter, wanted: SupervisionWanted) -> Response:
    """For the delegation, or an administrator."""

    def work(desk: Desk) -> Opened:
        made = register.add_supervision(
            desk, wanted.code, wanted.delegation, wanted.subject, wanted.session_on
        )
        return Opened(code=made.code, subject=made.subject)

    return act(visit, work, 201)


def _supervised(row: Row) -> Supervised:
    one = row.supervision
    return Supervised(
        code=one.code, delegation=row.delegation, subject=one.subject, session_on=one.session_on,
        directives=row.directives, open=row.open, overdue=row.overdue,
    )  # fmt: skip
