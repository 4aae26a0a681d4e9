"""The invented people and bodies of the demo."""

import re
import unicodedata
from collections.abc import Iterable

from sqlalchemy import select
from sqlmodel import Session, col

from workflow.ladder import Position
from workflow.models.organization import Organization, OrganizationKind
from workflow.models.person import Membership, Person, Role

DELEGATION = "doan14"
HOST = "lamgiang.example"


def found_delegation(db: Session) -> Organization:
    """The delegation with its three posts, and an administrator."""
    body = Organization(code=DELEGATION, name="Đoàn giám sát số 14", kind=OrganizationKind.DELEGATION)
    db.add(body)
    db.flush()
    for name, local, position in (
        ("Nguyễn Thư Mẫu", "thuky", Position.SECRETARY),
        ("Trần Phó Mẫu", "photruongdoan", Position.DEPUTY_CHAIR),
        ("Lê Thị Mận", "truongdoan", Position.CHAIR),
    ):
        _person(db, name, f"{local}@{HOST}", body, position)
    db.add(Person(name="Phạm Quản Mẫu", email=f"quantri@{HOST}", role=Role.ADMINISTRATOR))
    return body


def found_agencies(db: Session, names: Iterable[str]) -> dict[str, str]:
    """Each named agency with a clerk and a head; name to code."""
    codes: dict[str, str] = {}
    for name in dict.fromkeys(names):
        codes[name] = _code(name, set(codes.values()))
        body = Organization(code=codes[name], name=name, kind=OrganizationKind.AGENCY)
        db.add(body)
        db.flush()
        _person(db, f"Văn thư {name}", f"vanthu@{codes[name]}.{HOST}", body, Position.CLERK)
        _person(db, f"Thủ trưởng {name}", f"lanhdao@{codes[name]}.{HOST}", body, Position.HEAD)
    return codes


def _person(db: Session, name: str, email: str, body: Organization, position: Position) -> None:
    person = Person(name=name, email=email)
    db.add(person)
    db.flush()
    db.add(Membership(person_id=person.id, organization_id=body.id, position=position))


def _code(name: str, taken: set[str]) -> str:
    """Initials without accents, made unique: Sở Công Thương becomes sct."""
    plain = unicodedata.normalize("NFD", name.replace("đ", "d").replace("Đ", "D"))
    initials = "".join(
        word[0] for word in re.findall(r"[A-Za-z]+", plain.encode("ascii", "ignore").decode())
    ).lower()
    code, number = initials or "cq", 2
    while code in taken:
        code, number = f"{initials}{number}", number + 1
    return code


def person_of(db: Session, code: str, position: Position) -> str:
    """The e-mail of who holds a position; the demo acts as these people."""
    query = (
        select(col(Person.email))
        .join(Membership, col(Membership.person_id) == col(Person.id))
        .join(Organization, col(Organization.id) == col(Membership.organization_id))
        .where(col(Organization.code) == code, col(Membership.position) == position)
    )
    return db.scalars(query).one()
