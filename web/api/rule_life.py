"""The life of rules: what another version would move, moving directives to it, and which policy is chosen for what."""

from collections.abc import Callable
from typing import Annotated, Any, TypeVar

from fastapi import Path
from pydantic import BaseModel, Field
from starlette.responses import Response

from web.api.acting import act
from web.api.caller import AdminWriter, Reader
from web.api.noun import noun
from web.api.rules import READ, Which, only_overseers
from web.api.strict import Given
from workflow import migration, policy_choices
from workflow.authority import only_administrator
from workflow.desk import Desk
from workflow.migration import Change, Selection
from workflow.models.policy_choice import Scope
from workflow.models.rule_version import RuleKind
from workflow.policy import Policy, load_policy
from workflow.rule_differences import Difference, of_lifecycles, of_policies
from workflow.store import rules

router = noun("rules")
Code = Annotated[str, Field(min_length=1, max_length=40)]
Name = Annotated[str, Field(min_length=1, max_length=80)]
Value = Annotated[str, Path(max_length=200)]
Made = TypeVar("Made")


class Differing(BaseModel):
    """`before` or `after` is null where there is nothing."""

    field: str
    before: Any
    after: Any


class Differences(BaseModel):
    rows: list[Differing]


class Chosen(Given):
    """Open directives; every condition given narrows the selection. `from_version`: those pinned to it."""

    codes: list[Code] = Field(default=[], max_length=5_000)
    supervision: Code | None = None
    lead: Code | None = None
    from_version: Name | None = None

    def selection(self, desk: Desk, kind: RuleKind) -> Selection:
        old = rules.find(desk.db, kind, self.from_version).id if self.from_version else None
        return Selection(tuple(self.codes), self.supervision, self.lead, old)


class PreviewWanted(Given):
    """A published version by number, hash or name, or the YAML of one that is not published."""

    which: Name | None = None
    source: str | None = Field(default=None, min_length=1, max_length=200_000)
    chosen: Chosen = Chosen()


class Changes(BaseModel):
    """What moves, and counts of it; `dry_run`: nothing was kept."""

    obligations: int
    due_dates: int
    steps_gone: int
    steps_added: int
    rows: list[dict[str, Any]]
    dry_run: bool


class MigrationWanted(Given):
    which: Name
    reason: str = Field(min_length=1, max_length=2_000)
    chosen: Chosen = Chosen()
    dry_run: bool = False


class LifecycleMigrationWanted(MigrationWanted):
    """`states`: old name to new name, for states that were renamed."""

    states: dict[Name, Name] = Field(default={}, max_length=100)


class Restated(BaseModel):
    directive: str
    before: str
    after: str


class AllRestated(BaseModel):
    rows: list[Restated]
    dry_run: bool


class Choice(BaseModel):
    scope: Scope
    value: str
    policy: str


class Choices(BaseModel):
    """The first scope that fits decides: supervision, urgency, programme; else the default policy."""

    rows: list[Choice]


class ChoiceWanted(Given):
    policy: Name


@router.get("/policies/{which}/difference/{other}")
def policy_difference(visit: Reader, which: Which, other: Which) -> Differences:
    """Every field in which two versions differ."""
    only_overseers(visit)
    one, two = (rules.find(visit.db, RuleKind.POLICY, name).document for name in (which, other))
    return _differences(of_policies(one, two))


@router.get("/lifecycles/{which}/difference/{other}")
def lifecycle_difference(visit: Reader, which: Which, other: Which) -> Differences:
    """Every state and move in which two versions differ."""
    only_overseers(visit)
    one, two = (rules.find(visit.db, RuleKind.LIFECYCLE, name).document for name in (which, other))
    return _differences(of_lifecycles(one, two))


@router.post("/policies/preview", response_model=Changes)
def preview(visit: AdminWriter, wanted: PreviewWanted) -> Response:
    """Every due date, rung and level that would move; nothing is kept."""
    only_overseers(visit)

    def work(desk: Desk) -> Changes:
        only_administrator(desk, migration.MIGRATE, wanted.which or "YAML")
        chosen = wanted.chosen.selection(desk, RuleKind.POLICY)
        return _changes(migration.preview(desk.db, _policy(desk, wanted), chosen, desk.today), dry_run=True)

    return act(visit, work)


@router.post("/policies/migrate", response_model=Changes)
def migrate(visit: AdminWriter, wanted: MigrationWanted) -> Response:
    """Pin open directives to this version; each gets an event with the reason."""
    only_overseers(visit)

    def work(desk: Desk) -> Changes:
        row = rules.find(desk.db, RuleKind.POLICY, wanted.which)
        chosen = wanted.chosen.selection(desk, RuleKind.POLICY)
        made = _kept_or_not(
            desk, wanted, lambda: _changes(migration.migrate(desk, row, chosen, wanted.reason), dry_run=False)
        )
        return made.model_copy(update={"dry_run": wanted.dry_run})

    return act(visit, work)


@router.post("/lifecycles/migrate", response_model=AllRestated)
def migrate_lifecycle(visit: AdminWriter, wanted: LifecycleMigrationWanted) -> Response:
    """Open directives in their states of another version; refused as a whole when one has no place to go."""
    only_overseers(visit)

    def work(desk: Desk) -> AllRestated:
        row = rules.find(desk.db, RuleKind.LIFECYCLE, wanted.which)
        chosen = wanted.chosen.selection(desk, RuleKind.LIFECYCLE)

        def moved() -> list[Restated]:
            found = migration.migrate_lifecycle(desk, row, wanted.states, chosen, wanted.reason)
            return [Restated(directive=one.code, before=old, after=new) for one, old, new in found]

        return AllRestated(rows=_kept_or_not(desk, wanted, moved), dry_run=wanted.dry_run)

    return act(visit, work)


@router.get("/policy-choices")
def choice_list(visit: Reader) -> Choices:
    """Which policy new directives get, by supervision, urgency or programme."""
    only_overseers(visit)
    found = policy_choices.choices(visit.db)
    return Choices(rows=[Choice(scope=one.scope, value=one.value, policy=one.policy) for one in found])


@router.put("/policy-choices/{scope}/{value}", response_model=Choice)
def choose(visit: AdminWriter, scope: Scope, value: Value, wanted: ChoiceWanted) -> Response:
    """New directives that fit get the version of it in force when they are issued."""
    only_overseers(visit)

    def work(desk: Desk) -> Choice:
        policy_choices.choose(desk, scope, value, wanted.policy)
        return Choice(scope=scope, value=value, policy=wanted.policy)

    return act(visit, work)


@router.delete("/policy-choices/{scope}/{value}", response_model=Choices)
def forget(visit: AdminWriter, scope: Scope, value: Value) -> Response:
    """The default policy, or the next scope that fits, decides again."""
    only_overseers(visit)

    def work(desk: Desk) -> Choices:
        policy_choices.forget(desk, scope, value)
        left = policy_choices.choices(desk.db)
        return Choices(rows=[Choice(scope=one.scope, value=one.value, policy=one.policy) for one in left])

    return act(visit, work)


def _policy(desk: Desk, wanted: PreviewWanted) -> Policy:
    if wanted.source is not None:
        return load_policy(wanted.source, wanted.which or "default")
    row = rules.find(desk.db, RuleKind.POLICY, wanted.which or "default")
    return READ["policies"](row.source, row.name)  # type: ignore[no-any-return]


def _kept_or_not(desk: Desk, wanted: MigrationWanted, work: Callable[[], Made]) -> Made:
    with desk.db.begin_nested() as rehearsal:
        made = work()
        if wanted.dry_run:
            rehearsal.rollback()
    return made


def _changes(found: list[Change], *, dry_run: bool) -> Changes:
    return Changes(
        obligations=len(found),
        due_dates=sum(one.due_on != one.was_on for one in found),
        steps_gone=sum(len(one.gone) for one in found),
        steps_added=sum(len(one.added) for one in found),
        rows=[one.as_json() for one in found],
        dry_run=dry_run,
    )


def _differences(found: list[Difference]) -> Differences:
    return Differences(rows=[Differing(field=path, before=a, after=b) for path, a, b in found])
