"""People of the installation: for administrators."""

from typing import Annotated, Literal

from fastapi import Path
from pydantic import BaseModel, Field
from starlette.responses import Response

from web.api.acting import act
from web.api.caller import AdminWriter, Reader
from web.api.noun import noun
from web.api.strict import Given
from workflow import register, sign_ins
from workflow.desk import Desk
from workflow.models.person import Person, Role
from workflow.store import people

router = noun("users")
ONLY = Role.ADMINISTRATOR


class User(BaseModel):
    """`bodies`: codes of those they hold posts in."""

    email: str
    name: str
    role: Role | None
    active: bool
    locale: str
    bodies: list[str]


class Users(BaseModel):
    rows: list[User]


class Account(BaseModel):
    email: str
    name: str
    role: Role | None
    active: bool
    locale: str


class UserWanted(Given):
    email: str = Field(min_length=3, max_length=254)
    name: str = Field(min_length=1, max_length=200)
    role: Role | None = None
    locale: Literal["vi", "en"] = "vi"


class UserChange(Given):
    """What is left out stays; `role: null` takes the role away."""

    role: Role | None = None
    active: bool | None = None


@router.get("/users")
def user_list(visit: Reader) -> Users:
    """Everybody, with role and bodies. For administrators."""
    visit.only_for(ONLY)
    rows = people.users(visit.db)
    return Users(
        rows=[
            User(**_account(one).model_dump(), bodies=codes.split(", ") if codes else [])
            for one, codes in rows
        ]
    )


@router.post("/users", status_code=201, response_model=Account)
def add_user(visit: AdminWriter, wanted: UserWanted) -> Response:
    """They sign in with a code sent to their address."""
    visit.only_for(ONLY)

    def work(desk: Desk) -> Account:
        return _account(register.add_user(desk, wanted.email, wanted.name, wanted.role, wanted.locale))

    return act(visit, work, 201)


@router.patch("/users/{email}", response_model=Account)
def change_user(
    visit: AdminWriter, email: Annotated[str, Path(max_length=254)], wanted: UserChange
) -> Response:
    """Nobody is deleted: a disabled person cannot act, and every browser of theirs is signed out."""
    visit.only_for(ONLY)
    now = visit.site.real_now()

    def work(desk: Desk) -> Account:
        if "role" in wanted.model_fields_set:
            register.set_role(desk, email, wanted.role)
        if wanted.active is not None:
            person = register.set_active(desk, email, active=wanted.active)
            if not wanted.active:
                sign_ins.end_all(desk.db, person.id, now)
        return _account(people.by_email(desk.db, email))

    return act(visit, work)


def _account(person: Person) -> Account:
    return Account(
        email=person.email, name=person.name, role=person.role, active=person.is_active, locale=person.locale
    )
