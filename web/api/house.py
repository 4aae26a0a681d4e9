"""The house itself: its letterhead, and what runs by itself. For administrators."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field
from starlette.responses import Response

from reports import asked
from tasks import jobs_seen
from web.api.acting import act
from web.api.caller import AdminWriter, Reader
from web.api.noun import noun
from web.api.strict import Given
from workflow import letterheads
from workflow.desk import Desk
from workflow.letterheads import Head
from workflow.models.person import Role
from workflow.words import Texts

router = noun("house")


class LetterheadRead(BaseModel):
    """`version` 0: the settings speak."""

    body: str
    parent_body: str | None
    place: str | None
    layout: str
    version: int


class LetterheadWanted(Given):
    """`version`: the one you read; another means somebody saved meanwhile."""

    body: str = Field(min_length=1, max_length=300)
    parent_body: str | None = Field(default=None, max_length=300)
    place: str | None = Field(default=None, max_length=100)
    layout: Literal["dang", "nha-nuoc"] = "dang"
    version: int = Field(ge=0, le=1_000_000)


class JobRead(BaseModel):
    """`error`: what stopped the last run; `done_at`: when one last went well."""

    name: str
    title: Texts
    began_at: datetime | None
    seconds: float | None
    error: str | None
    done_at: datetime | None
    next_at: datetime | None
    is_late: bool


class Jobs(BaseModel):
    rows: list[JobRead]


@router.get("/letterhead")
def letterhead(visit: Reader) -> LetterheadRead:
    """What reports and letters begin with."""
    visit.only_for(Role.ADMINISTRATOR)
    return _read(asked.head(visit.db, visit.site.settings))


@router.put("/letterhead", response_model=LetterheadRead)
def change_letterhead(visit: AdminWriter, wanted: LetterheadWanted) -> Response:
    """From the next paper on; papers already made stay as they are."""
    visit.only_for(Role.ADMINISTRATOR)
    now, otherwise = visit.site.real_now(), asked.of_settings(visit.site.settings)
    given = Head(wanted.body.strip(), wanted.parent_body, wanted.place, wanted.layout, wanted.version)

    def work(desk: Desk) -> LetterheadRead:
        return _read(letterheads.write(desk, given, otherwise, now))

    return act(visit, work)


@router.get("/jobs")
def jobs(visit: Reader) -> Jobs:
    """The last run of each job, what came of it, and the next."""
    visit.only_for(Role.ADMINISTRATOR)
    seen = jobs_seen.seen(visit.db, visit.site.settings, visit.site.real_now())
    return Jobs(rows=[_job(one) for one in seen])


def _read(head: Head) -> LetterheadRead:
    return LetterheadRead(
        body=head.body,
        parent_body=head.parent_body,
        place=head.place,
        layout=head.layout,
        version=head.version,
    )


def _job(one: jobs_seen.JobSeen) -> JobRead:
    run = one.run
    return JobRead(
        name=one.name, title=one.title, next_at=one.next_at, is_late=one.is_late,
        began_at=run.began_at if run else None, seconds=run.seconds if run else None,
        error=run.error if run else None, done_at=run.done_at if run else None,
    )  # fmt: skip
