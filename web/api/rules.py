"""Policies and lifecycles: every version, checking a file, publishing it."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import Path
from pydantic import BaseModel, Field
from starlette.responses import Response

from config.publishing import publish
from web.api.acting import act
from web.api.caller import AdminWriter, Reader
from web.api.noun import noun
from web.api.strict import Given
from web.menu import oversees
from web.refusals import NoSuchPage
from web.visit import Visit
from workflow import rulebook
from workflow.desk import Desk
from workflow.lifecycle import load_lifecycle
from workflow.models.rule_version import RuleKind, RuleVersion
from workflow.policy import load_policy
from workflow.store import rules

router = noun("rules")
Plural = Literal["policies", "lifecycles"]
KINDS: dict[Plural, RuleKind] = {"policies": RuleKind.POLICY, "lifecycles": RuleKind.LIFECYCLE}
READ: dict[Plural, Callable[[str, str], Any]] = {"policies": load_policy, "lifecycles": load_lifecycle}
Which = Annotated[str, Path(max_length=80, description="A number, the beginning of a hash, or a name.")]


class Version(BaseModel):
    """`version` is the SHA-256 of the document; `active` is the one new directives get."""

    name: str
    number: int
    version: str
    active: bool
    published_at: datetime


class Versions(BaseModel):
    rows: list[Version]


class WholeVersion(Version):
    source: str
    document: dict[str, Any]


class Source(Given):
    """The YAML text."""

    source: str = Field(min_length=1, max_length=200_000)


class PublishWanted(Source):
    name: str | None = Field(default=None, min_length=1, max_length=80, pattern=r"^[A-Za-z0-9._-]+$")
    reason: str | None = Field(default=None, min_length=1, max_length=2_000)


class Checked(BaseModel):
    version: str


def _routes(plural: Plural) -> None:
    kind, read = KINDS[plural], READ[plural]

    @router.get(f"/{plural}", name=f"{plural}_list")
    def version_list(visit: Reader) -> Versions:
        """Every version, newest first."""
        only_overseers(visit)
        return Versions(rows=[_version(one) for one in rules.versions(visit.db, kind)])

    @router.get(f"/{plural}/{{which}}", name=f"{plural}_show")
    def version(visit: Reader, which: Which) -> WholeVersion:
        """The text as published; number, hash or name."""
        only_overseers(visit)
        found = rules.find(visit.db, kind, which)
        return WholeVersion(**_version(found).model_dump(), source=found.source, document=found.document)

    @router.post(f"/{plural}/check", name=f"{plural}_check")
    def check(visit: AdminWriter, wanted: Source) -> Checked:
        """Nothing is kept; every fault of the file is told at once, with its line."""
        only_overseers(visit)
        return Checked(version=read(wanted.source, rulebook.DEFAULT[kind]).version)

    @router.post(f"/{plural}", status_code=201, response_model=Version, name=f"{plural}_publish")
    def publish_version(visit: AdminWriter, wanted: PublishWanted) -> Response:
        """New directives follow it; what is issued keeps the version it was issued under."""
        only_overseers(visit)

        def work(desk: Desk) -> Version:
            name = wanted.name or rulebook.DEFAULT[kind]
            return _version(publish(desk, kind, wanted.source, name, wanted.reason))

        return act(visit, work, 201)


for _plural in KINDS:
    _routes(_plural)


def _version(row: RuleVersion) -> Version:
    return Version(
        name=row.name, number=row.number, version=row.version, active=row.is_active,
        published_at=row.published_at,
    )  # fmt: skip


def only_overseers(visit: Visit) -> None:
    """Agencies are told dates and reasons, not the rules' texts."""
    if not oversees(visit.me):
        raise NoSuchPage
