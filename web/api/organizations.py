"""Agencies, delegations and committees, and the people who hold their posts."""

from datetime import date
from typing import Annotated, Any, Literal

from fastapi import Path, Query
from pydantic import BaseModel, Field
from starlette.responses import Response

from web.api.acting import act
from web.api.caller import Reader, RegisterWriter
from web.api.noun import noun
from web.api.strict import Given
from web.menu import oversees
from web.visit import Visit
from workflow import register
from workflow.desk import Desk
from workflow.errors import NotFound
from workflow.ladder import Position
from workflow.models.organization import Organization, OrganizationKind
from workflow.models.person import Mailbox, Person
from workflow.register import PersonChange
from workflow.store import organizations, people
from workflow.store.organizations import Contact

router = noun("organizations")
Code = Annotated[str, Path(max_length=40)]
NewCode = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[A-Za-z0-9._-]+$")]
Name = Annotated[str, Field(min_length=1, max_length=200)]
Email = Annotated[str, Field(min_length=3, max_length=254)]
Locale = Literal["vi", "en"]
Aliases = Annotated[list[Annotated[str, Field(min_length=1, max_length=300)]], Field(max_length=50)]


class Body(BaseModel):
    """`led`, `open`, `overdue` count directives this body leads and the caller may know."""

    code: str
    name: str
    kind: OrganizationKind
    aliases: list[str]
    people: int
    led: int
    open: int
    overdue: int


class Bodies(BaseModel):
    rows: list[Body]


class Someone(BaseModel):
    """`mailbox` is dead once the relay refused the address for good."""

    name: str
    email: str
    locale: str
    mailbox: Mailbox
    absent_from: date | None
    absent_until: date | None


class Holder(Someone):
    position: Position
    title: str | None


class WholeBody(BaseModel):
    code: str
    name: str
    kind: OrganizationKind
    aliases: list[str]
    contacts: list[Holder]


class NamedBody(BaseModel):
    code: str
    name: str
    kind: OrganizationKind
    aliases: list[str]


class BodyWanted(Given):
    code: NewCode
    name: Annotated[str, Field(min_length=1, max_length=300)]
    kind: OrganizationKind = OrganizationKind.AGENCY
    aliases: Aliases = []


class BodyChange(Given):
    """Only what is given changes."""

    name: Annotated[str, Field(min_length=1, max_length=300)] | None = None
    aliases: Aliases | None = None


class ContactWanted(Given):
    """`name` is needed where nobody has the address yet."""

    email: Email
    position: Position
    name: Name | None = None
    title: Name | None = None
    locale: Locale = "vi"


class PersonWanted(Given):
    """Only what is given changes. `present` ends an absence; a corrected address is tried again."""

    name: Name | None = None
    email: Email | None = None
    locale: Locale | None = None
    absent_from: date | None = None
    absent_until: date | None = None
    present: bool = False


class Removed(BaseModel):
    posts: int


@router.get("/organizations")
def body_list(
    visit: Reader, kind: Annotated[list[OrganizationKind] | None, Query(max_length=5)] = None
) -> Bodies:
    """Everybody on the supervising side; an agency sees itself."""
    rows = organizations.all_rows(visit.db, visit.me, visit.rules.as_of, tuple(kind or ()))
    return Bodies(
        rows=[
            Body(
                **_facts(row.organization), people=row.people, led=row.led, open=row.open, overdue=row.overdue
            )
            for row in rows
        ]
    )


@router.get("/organizations/{code}")
def body(visit: Reader, code: Code) -> WholeBody:
    """One body and the people who hold its posts."""
    found = organizations.get(visit.db, visit.me, code)
    holders = [_holder(one) for one in organizations.contacts(visit.db, found)]
    return WholeBody(**_facts(found), contacts=holders)


@router.post("/organizations", status_code=201, response_model=NamedBody)
def add_body(visit: RegisterWriter, wanted: BodyWanted) -> Response:
    """A new agency, or by an administrator a delegation."""

    def work(desk: Desk) -> NamedBody:
        aliases = tuple(wanted.aliases)
        return NamedBody(
            **_facts(register.add_organization(desk, wanted.code, wanted.name, wanted.kind, aliases))
        )

    return act(visit, work, 201)


@router.patch("/organizations/{code}", response_model=NamedBody)
def edit_body(visit: RegisterWriter, code: Code, wanted: BodyChange) -> Response:
    """Name and other names; the journal keeps what they were."""
    aliases = None if wanted.aliases is None else tuple(wanted.aliases)

    def work(desk: Desk) -> NamedBody:
        return NamedBody(**_facts(register.edit_organization(desk, code, name=wanted.name, aliases=aliases)))

    return act(visit, work)


@router.post("/organizations/{code}/contacts", status_code=201, response_model=Someone)
def add_contact(visit: RegisterWriter, code: Code, wanted: ContactWanted) -> Response:
    """A post in this body."""

    def work(desk: Desk) -> Someone:
        person = register.add_contact(
            desk,
            code,
            wanted.email,
            wanted.position,
            name=wanted.name,
            title=wanted.title,
            locale=wanted.locale,
        )
        return _someone(person)

    return act(visit, work, 201)


@router.delete("/organizations/{code}/contacts/{email}", response_model=Removed)
def remove_contact(
    visit: RegisterWriter,
    code: Code,
    email: Annotated[str, Path(max_length=254)],
    position: Position | None = None,
) -> Response:
    """Takes the post, never the person."""

    def work(desk: Desk) -> Removed:
        return Removed(posts=register.remove_contact(desk, code, email, position))

    return act(visit, work)


@router.patch("/people/{email}", response_model=Someone)
def edit_person(
    visit: RegisterWriter, email: Annotated[str, Path(max_length=254)], wanted: PersonWanted
) -> Response:
    """A name, an address, an absence; by whoever has a say in every body the person serves."""
    _check_known(visit, email)
    change = PersonChange(**wanted.model_dump())
    return act(visit, lambda desk: _someone(register.edit_contact(desk, email, change)))


def _check_known(visit: Visit, email: str) -> None:
    """An agency learns of nobody outside it, not even that they exist."""
    if oversees(visit.me):
        return
    ours = visit.me.organizations()
    held = people.posts(visit.db, people.by_email(visit.db, email))
    if not ours & {body.id for _, body in held}:
        raise NotFound(what={"vi": "người dùng", "en": "Person"}, code=email)


def _facts(body: Organization) -> dict[str, Any]:
    return {"code": body.code, "name": body.name, "kind": body.kind, "aliases": list(body.aliases)}


def _someone(person: Person) -> Someone:
    return Someone(
        name=person.name, email=person.email, locale=person.locale, mailbox=person.mailbox,
        absent_from=person.absent_from, absent_until=person.absent_until,
    )  # fmt: skip


def _holder(one: Contact) -> Holder:
    post = one.membership
    return Holder(**_someone(one.person).model_dump(), position=post.position, title=post.title)
