"""People and duties to be told about: every agency has one clerk, whom one night's sweep must remind or not."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from importlib import resources

from sqlalchemy import Engine, update
from sqlmodel import col

from config import rules
from config.database import writing
from workflow import access
from workflow.desk import Desk
from workflow.drafts import Draft, draft_directive
from workflow.ladder import ObligationKind, Position
from workflow.models.obligation import Obligation, ObligationStatus
from workflow.models.organization import Organization, OrganizationKind
from workflow.models.person import Membership, Person
from workflow.models.supervision import Supervision

ISSUED_ON = date(2026, 8, 20)
NIGHT = date(2026, 9, 11)
DUE = (date(2026, 9, 25), date(2026, 9, 25), date(2026, 10, 30))
"""The first two are ten working days after the night, so they are reminded of then; the third is not."""
ADA = "ada@selftest.example"
CHI = "chi@selftest.example"


def local(day: date, hour: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC) - timedelta(hours=7)


def day_of(instant: datetime) -> date:
    return (instant + timedelta(hours=7)).date()


def clerk(number: int) -> str:
    return f"clerk{number:05d}@selftest.example"


def code(number: int) -> str:
    return f"ST-{number:05d}"


def populate(engine: Engine, agencies: int, due: Sequence[date] = DUE) -> None:
    """`agencies` clerks; agency n leads directive n, and each tenth agency one more; all acknowledged.

    They are due on the days of `due` in turn.
    """
    instant = local(ISSUED_ON, 9)
    with writing(engine) as db:
        rules.install(db, instant)
        source = resources.files("config").joinpath("policies/default.yaml").read_text(encoding="utf-8")
        rules.publish_policy(db, source.replace("cap: 500", f"cap: {10 * agencies}"), "default", instant)
        delegation = _body("ST", "Đoàn giám sát", OrganizationKind.DELEGATION)
        bodies = [
            _body(f"a{number}", f"Cơ quan {number}", OrganizationKind.AGENCY) for number in range(agencies)
        ]
        chair, secretary = Person(name="Chi", email=CHI), Person(name="Ada", email=ADA)
        clerks = [Person(name=f"Clerk {number}", email=clerk(number)) for number in range(agencies)]
        db.add_all([delegation, *bodies, chair, secretary, *clerks])
        db.flush()
        posts = [(chair, delegation, Position.CHAIR), (secretary, delegation, Position.SECRETARY)]
        posts += [(person, body, Position.CLERK) for person, body in zip(clerks, bodies, strict=True)]
        for person, body, position in posts:
            db.add(Membership(person_id=person.id, organization_id=body.id, position=position))
        db.add(Supervision(code="ST", delegation_id=delegation.id, subject="Selftest", session_on=ISSUED_ON))
    _issue(engine, agencies, due)


def _body(code: str, name: str, kind: OrganizationKind) -> Organization:
    return Organization(code=code, name=name, kind=kind)


def _issue(engine: Engine, agencies: int, due: Sequence[date]) -> None:
    with writing(engine) as db:
        desk = Desk(db, access.find_actor(db, CHI), local(ISSUED_ON, 9), tells=False)
        leads = [*range(agencies), *range(0, agencies, 10)]
        for number, lead in enumerate(leads):
            due_on = due[number % len(due)]
            draft_directive(desk, Draft(code(number), "ST", f"Việc {number}", lead=f"a{lead}", due_on=due_on))
            desk.move(code(number), "issue")
        opened = col(Obligation.kind) == ObligationKind.ACKNOWLEDGE
        db.execute(update(Obligation).where(opened).values(status=ObligationStatus.MET, met_on=ISSUED_ON))
