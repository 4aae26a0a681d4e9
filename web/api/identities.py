"""Who people are at the site's OpenID provider: for administrators."""

from datetime import datetime
from typing import Annotated

from fastapi import Path, Query
from pydantic import BaseModel, Field
from starlette.responses import Response

from web.api.acting import act
from web.api.caller import AdminWriter, Reader
from web.api.noun import noun
from web.api.strict import Given
from workflow import identities
from workflow.desk import Desk
from workflow.models.account import OutsideIdentity
from workflow.models.person import Role
from workflow.store import people

router = noun("users")
Email = Annotated[str, Path(max_length=254)]


class Identity(BaseModel):
    issuer: str
    subject: str
    since: datetime


class Identities(BaseModel):
    rows: list[Identity]


class SubjectWanted(Given):
    """`subject`: what the provider calls this person (`sub`)."""

    subject: str = Field(min_length=1, max_length=255)


@router.get("/users/{email}/identities")
def identity_list(visit: Reader, email: Email) -> Identities:
    """Outside accounts this person may sign in with. For administrators."""
    visit.only_for(Role.ADMINISTRATOR)
    person = people.by_email(visit.db, email)
    return Identities(rows=[_read(one) for one in identities.of_person(visit.db, person.id)])


@router.post("/users/{email}/identities", status_code=201, response_model=Identity)
def link_identity(visit: AdminWriter, email: Email, wanted: SubjectWanted) -> Response:
    """Whoever the provider calls so signs in as this person from now on."""
    visit.only_for(Role.ADMINISTRATOR)
    issuer = visit.site.settings.oidc_issuer
    return act(visit, lambda desk: _read(identities.link(desk, email, issuer, wanted.subject)), 201)


@router.delete("/users/{email}/identities", response_model=Identities)
def unlink_identity(
    visit: AdminWriter, email: Email, subject: Annotated[str, Query(min_length=1, max_length=255)]
) -> Response:
    """The link ends; who is signed in stays so. What is left is the answer."""
    visit.only_for(Role.ADMINISTRATOR)

    def work(desk: Desk) -> Identities:
        person = identities.unlink(desk, email, subject)
        return Identities(rows=[_read(one) for one in identities.of_person(desk.db, person.id)])

    return act(visit, work)


def _read(one: OutsideIdentity) -> Identity:
    return Identity(issuer=one.issuer, subject=one.subject, since=one.since_at)
