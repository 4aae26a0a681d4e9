"""Which of the mails that may be refused a person wants."""

from typing import Annotated

from fastapi import Path
from pydantic import BaseModel, ConfigDict
from sqlmodel import Session
from starlette.responses import Response

from web.api.acting import act
from web.api.caller import Reader, RegisterWriter
from web.api.noun import noun
from workflow import refusals
from workflow.desk import Desk
from workflow.models.person import Person
from workflow.models.refusal import Refusable

router = noun("mails")
Email = Annotated[str, Path(max_length=254)]


class MailsWanted(BaseModel):
    """What is left out stays as it is. Notices of duties are not among them: nobody can refuse those."""

    model_config = ConfigDict(extra="forbid")

    weekly: bool | None = None
    reports: bool | None = None


class Mails(BaseModel):
    """True: it is sent."""

    email: str
    weekly: bool
    reports: bool


@router.get("/people/{email}/mails", response_model=Mails)
def mails(visit: Reader, email: Email) -> Mails:
    return _told(visit.db, refusals.of(visit.db, visit.me, email))


@router.put("/people/{email}/mails", response_model=Mails)
def choose(visit: RegisterWriter, email: Email, wanted: MailsWanted) -> Response:
    """One's own choice; an administrator may make it for somebody who asked."""

    def work(desk: Desk) -> Mails:
        person = refusals.of(desk.db, desk.actor, email)
        for name, value in wanted.model_dump(exclude_none=True).items():
            refusals.choose(desk, email, name, wanted=value)
        return _told(desk.db, person)

    return act(visit, work)


def _told(db: Session, person: Person) -> Mails:
    refused = refusals.refused(db, person)
    return Mails(
        email=person.email,
        weekly=Refusable.WEEKLY not in refused,
        reports=Refusable.REPORTS not in refused,
    )
