"""Who is away, until when, and who stands in."""

from datetime import date
from typing import Annotated

from fastapi import Path
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from web.api.acting import act
from web.api.caller import Reader, RegisterWriter
from web.api.noun import noun
from workflow import absences
from workflow.absences import Absence
from workflow.desk import Desk
from workflow.errors import NotFound
from workflow.models.person import Person
from workflow.store import people

router = noun("absences")
Email = Annotated[str, Path(max_length=254)]


class AbsenceWanted(BaseModel):
    """`until_on` may stay open; a deputy serves every body the absent person serves."""

    model_config = ConfigDict(extra="forbid")

    from_on: date
    until_on: date | None = None
    deputy: str | None = Field(default=None, max_length=254)


class Told(BaseModel):
    """Nothing but the address when the person is not away."""

    email: str
    from_on: date | None = None
    until_on: date | None = None
    deputy: str | None = None


@router.get("/absences/{email}", response_model=Told)
def absence(visit: Reader, email: Email) -> Told:
    person = people.by_email(visit.db, email)
    if person.id != visit.me.person_id and not visit.me.sees_all:
        raise NotFound(what={"vi": "người dùng", "en": "Person"}, code=email)
    return _told(person, absences.of(visit.db, person))


@router.put("/absences/{email}", response_model=Told)
def set_absence(visit: RegisterWriter, email: Email, wanted: AbsenceWanted) -> Response:
    """Replaces what was said before."""

    def work(desk: Desk) -> Told:
        given = Absence(wanted.from_on, wanted.until_on, wanted.deputy)
        person = absences.set_absence(desk, email, given)
        return _told(person, absences.of(desk.db, person))

    return act(visit, work)


@router.delete("/absences/{email}", response_model=Told)
def end_absence(visit: RegisterWriter, email: Email) -> Response:
    return act(visit, lambda desk: _told(absences.end_absence(desk, email), None))


def _told(person: Person, standing: Absence | None) -> Told:
    if standing is None:
        return Told(email=person.email)
    return Told(
        email=person.email, from_on=standing.from_on, until_on=standing.until_on, deputy=standing.deputy
    )
