"""A link as a mail carries it, opened and answered at an hour of the test."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from config.database import writing
from tests.world import World, at
from workflow import access, link_again, link_answers, link_codes, links
from workflow.desk import Desk
from workflow.inputs import Inputs
from workflow.link_answers import Said, Signature
from workflow.links import Opened
from workflow.models.directive import Directive
from workflow.models.event import Event
from workflow.models.link import LinkAnswer
from workflow.models.person import Membership, Person

TODAY = date(2026, 8, 20)
KEYS = (b"the key of this installation, long enough",)
AN = Signature("Nguyễn Văn An", "Chuyên viên, Phòng Khoáng sản")


def link_for(world: World, who: str, *codes: str, keys: tuple[bytes, ...] = KEYS) -> str:
    """The token a mail to this contact about these directives carries."""
    with writing(world.engine) as db:
        person = db.scalars(select(Person).where(col(Person.email) == f"{who}@lamgiang.example")).one()
        post = db.scalars(select(Membership).where(col(Membership.person_id) == person.id)).one()
        found = db.scalars(select(Directive).where(col(Directive.code).in_(codes))).all()
        wanted = links.wanted_for(person, post.organization_id, found)
        return links.tokens(db, keys, [wanted], at(world.today))[wanted.scope]


def opened(world: World, token: str, today: date | None = None) -> Opened:
    with writing(world.engine) as db:
        return links.open_link(db, links.find(db, token), today or world.today)


def answer(
    world: World, token: str, code: str, move: str, key: str = "k1", *, version: int = 1, by: Signature = AN, **given: Any
) -> LinkAnswer:  # fmt: skip
    with writing(world.engine) as db:
        said = [Said(code, move, version, Inputs(**given))]
        return link_answers.answer(db, token, key, by, said, at(world.today))


def state(world: World, code: str) -> str:
    return next(one.state for one in world.rows(Directive) if one.code == code)


def acts(world: World, code: str) -> list[str]:
    ids = {one.code: one.id for one in world.rows(Directive)}
    return [one.act for one in world.rows(Event) if one.directive_id == ids[code]]


def by(world: World, who: str, act: Callable[[Desk], Any]) -> Any:
    with writing(world.engine) as db:
        return act(Desk(db, access.find_actor(db, f"{who}@lamgiang.example"), at(world.today)))


def renewed(world: World, token: str) -> Any:
    with writing(world.engine) as db:
        return link_again.renew(db, KEYS, token, at(world.today))


def code_entered(world: World, token: str, code: str, now: datetime) -> bool:
    with writing(world.engine) as db:
        return link_codes.enter(db, token, code, now)
