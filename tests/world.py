"""A small world to tell stories in: fixed people, real tables, nights that pass when told to.

Ada is the delegation's secretary, Duc its deputy chair, Chi its chair. Ben answers for the
Department of Industry and Trade, Huy is his head; Cleo sits at the Department of Health and must
never see what is not hers.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, select
from sqlmodel import Session, SQLModel, col

from config import rules
from config.database import reading, writing
from workflow import access, outcomes
from workflow.access import Actor
from workflow.desk import Desk
from workflow.drafts import Draft, draft_directive
from workflow.inputs import Evidence, Inputs
from workflow.ladder import Position
from workflow.models.message import Message
from workflow.models.notice import Notice
from workflow.models.obligation import Obligation
from workflow.models.organization import Organization, OrganizationKind
from workflow.models.person import Membership, Person, Role
from workflow.models.supervision import Supervision
from workflow.models.sweep_run import SweepRun
from workflow.sweep.run import sweep

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
CAST = {
    "ada": ("doan14", Position.SECRETARY),
    "duc": ("doan14", Position.DEPUTY_CHAIR),
    "chi": ("doan14", Position.CHAIR),
    "ben": ("sct", Position.CLERK),
    "huy": ("sct", Position.HEAD),
    "cleo": ("syt", Position.CLERK),
    "hoa": ("syt", Position.HEAD),
}
BODIES = {
    "doan14": ("Đoàn giám sát số 14", OrganizationKind.DELEGATION),
    "sct": ("Sở Công Thương", OrganizationKind.AGENCY),
    "syt": ("Sở Y tế", OrganizationKind.AGENCY),
}


def at(day: date, hour: int = 9, minute: int = 0) -> datetime:
    """The instant of a local hour."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZONE).astimezone(UTC)


Row = TypeVar("Row", bound=SQLModel)


class World:
    def __init__(self, engine: Engine, today: date = date(2026, 8, 20)) -> None:
        self.engine = engine
        self.today = today
        with writing(engine) as db:
            rules.install(db, at(today))
            self._people(db)
            delegation = db.scalars(select(Organization).where(col(Organization.code) == "doan14")).one()
            db.add(
                Supervision(code="GS14", delegation_id=delegation.id, subject="Khoáng sản", session_on=today)
            )

    def _people(self, db: Session) -> None:
        bodies = {
            code: Organization(code=code, name=name, kind=kind) for code, (name, kind) in BODIES.items()
        }
        db.add_all(bodies.values())
        people = {name: Person(name=name.title(), email=f"{name}@lamgiang.example") for name in CAST}
        db.add_all(people.values())
        db.add(Person(name="Quan", email="quan@lamgiang.example", role=Role.ADMINISTRATOR))
        db.flush()
        for name, (code, position) in CAST.items():
            db.add(Membership(person_id=people[name].id, organization_id=bodies[code].id, position=position))

    def actor(self, name: str) -> Actor:
        with reading(self.engine) as db:
            return access.find_actor(db, f"{name}@lamgiang.example")

    def issue(self, code: str, due: date | None = None, **facts: Any) -> None:
        """Draft and issue one directive today, led by the Department of Industry and Trade."""
        self.issue_all(
            [Draft(code=code, supervision="GS14", text=f"Nội dung {code}", lead="sct", due_on=due, **facts)]
        )

    def issue_all(self, drafts: list[Draft]) -> None:
        with writing(self.engine) as db:
            desk = Desk(db, access.find_actor(db, "chi@lamgiang.example"), at(self.today))
            for draft in drafts:
                draft_directive(desk, draft)
                desk.move(draft.code, "issue")
            desk.finish()

    def move(self, who: str, code: str, name: str, **given: Any) -> None:
        with writing(self.engine) as db:
            desk = Desk(db, access.find_actor(db, f"{who}@lamgiang.example"), at(self.today))
            desk.move(code, name, Inputs(**given))
            desk.finish()

    def report(self, code: str) -> None:
        self.move("ben", code, "report", text="Đã xong.", evidence=(Evidence("Biên bản"),))

    def night(self, on: date) -> SweepRun:
        self.today = on
        return sweep(lambda: writing(self.engine), on, at(on, 1, 30))

    def nights(self, until: date, *, deliver: bool = True) -> None:
        """Every night after today up to and including `until`; mails go out at 08:00."""
        while self.today < until:
            self.night(self.today + timedelta(days=1))
            if deliver:
                self.deliver()

    def deliver(self) -> None:
        """What a relay that never fails would do."""
        with writing(self.engine) as db:
            outcomes.hand_over_all(db, at=at(self.today, 8), on=self.today)

    def told(self, who: str) -> list[tuple[date, str, int | None]]:
        """What a person was told by the clock: (night, kind, rung or level), in order."""
        query = (
            select(col(Notice.night_on), col(Notice.kind), col(Notice.rung), col(Notice.level))
            .join(Person, col(Person.id) == col(Notice.person_id))
            .where(col(Person.email) == f"{who}@lamgiang.example", col(Notice.event_id).is_(None))
            .order_by(col(Notice.id))
        )
        with reading(self.engine) as db:
            return [
                (night, kind, rung if level is None else level)
                for night, kind, rung, level in db.execute(query)
            ]

    def rows(self, table: type[Row]) -> list[Row]:
        with reading(self.engine) as db:
            return list(db.scalars(select(table).order_by(table.__table__.c.id)))  # type: ignore[attr-defined]

    def messages(self) -> list[Message]:
        return self.rows(Message)

    def obligations(self) -> list[Obligation]:
        return self.rows(Obligation)
