"""All moves by all people in any order, nights and mails between them: the promises hold after every step.

The model knows the lifecycle's table and nothing else: what is made must be in it, what is refused changes nothing.
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from hypothesis.stateful import run_state_machine_as_test as run_machine
from sqlalchemy import Engine, func, select
from sqlmodel import col

from config.database import open_database, reading, writing
from tests.servers.postgres import PostgresServer
from tests.servers.schema import SchemaTemplates
from tests.world import World, at
from workflow import access, audit, outbox, outcomes
from workflow.errors import WorkflowError
from workflow.inputs import Evidence
from workflow.lifecycle import load_lifecycle
from workflow.models.directive import Directive
from workflow.models.event import Event
from workflow.models.message import Message
from workflow.models.notice import Notice, NoticeStatus
from workflow.models.obligation import ObligationStatus

LIFECYCLE = load_lifecycle(
    resources.files("config").joinpath("lifecycles/directive.yaml").read_text(encoding="utf-8"), "directive"
)
MOVES = sorted({move.name for move in LIFECYCLE.moves} - {"issue", "correct"})
PEOPLE = ("ben", "huy", "cleo", "hoa", "ada", "duc", "chi", "quan")
CODES = ("GS14-01", "GS14-02")
FIRST = date(2026, 8, 20)
NewEngine = Callable[[], Engine]


class Machine(RuleBasedStateMachine):
    """Two directives, eight people; a refused act must leave the whole database as it was."""

    new_engine: NewEngine

    @initialize()
    def begin(self) -> None:
        self.engine = type(self).new_engine()
        self.world = World(self.engine, FIRST)
        for code, due in zip(CODES, (date(2026, 9, 3), date(2026, 9, 25)), strict=True):
            self.world.issue(code, due=due, coordinating=("syt",))
        self.closed_at_claim: list[str] = []

    def teardown(self) -> None:
        if hasattr(self, "engine"):
            self.engine.dispose()

    @rule(
        who=st.sampled_from(PEOPLE),
        name=st.sampled_from(MOVES),
        code=st.sampled_from(CODES),
        later=st.integers(1, 40),
    )
    def act(self, who: str, name: str, code: str, later: int) -> None:
        before, state, seen = self._everything(), self._state(code), self._roles(who, code)
        try:
            self.world.move(who, code, name, **self._inputs(later))
        except WorkflowError:
            assert self._everything() == before, "a refusal changed something"
            return
        move = LIFECYCLE.find(name, state.state, code)
        assert set(move.by) & seen, f"{who} may not {name}"
        assert self._state(code).state == move.target(state.state, state.state_before_pause)
        assert self._state(code).version == state.version + 1

    @rule(data=st.data(), code=st.sampled_from(CODES), later=st.integers(1, 40))
    def fitting_act(self, data: st.DataObject, code: str, later: int) -> None:
        """Chance alone seldom meets the right person: here the lifecycle is asked who may do what now."""
        state = self._state(code).state
        fitting = [
            (who, move.name)
            for move in LIFECYCLE.moves_from(state)
            for who in PEOPLE
            if set(move.by) & self._roles(who, code)
        ]
        if fitting:
            who, name = data.draw(st.sampled_from(sorted(set(fitting))))
            self.act(who, name, code, later)

    @rule(days=st.integers(1, 6))
    def night(self, days: int) -> None:
        self.world.night(self.world.today + timedelta(days=days))

    @rule()
    def the_same_night_again(self) -> None:
        if self.world.today > FIRST:
            before = self._everything()
            self.world.night(self.world.today)
            assert self._everything() == before

    @rule()
    def mails_leave(self) -> None:
        """I3, I10: what is claimed speaks of nothing that is over or moved."""
        now = at(self.world.today, 9)
        with writing(self.engine) as db:
            for claimed in outbox.claim(db, at=now, real=now, limit=100).leased:
                for line in claimed.lines:
                    if line.obligation is not None:
                        assert line.obligation.status is ObligationStatus.RUNNING
                        assert line.obligation.due_version == line.notice.due_version
                message = claimed.message
                outcomes.hand_over(db, message.id, message.token, at=now, on=self.world.today, response="250")

    @precondition(lambda self: hasattr(self, "world"))
    @invariant()
    def each_thing_is_told_once(self) -> None:
        """I1, and one mail a person and night."""
        notices = [one for one in self.world.rows(Notice) if one.person_id and one.obligation_id]
        told = [
            (one.obligation_id, one.due_version, one.rung, one.level, one.person_id, one.event_id)
            for one in notices
        ]
        weekly = {one.key for one in notices if one.key.startswith("W:")}
        once = [each for each, one in zip(told, notices, strict=True) if one.key not in weekly]
        assert len(once) == len(set(once))
        nightly = [(one.person_id, one.night_on) for one in self.world.messages() if one.sweep_run_id]
        assert len(nightly) == len(set(nightly))

    @precondition(lambda self: hasattr(self, "world"))
    @invariant()
    def levels_climb_one_by_one(self) -> None:
        """I6: within a due version, no level before the one below it."""
        climbed: dict[tuple[int | None, int | None], list[tuple[date, int]]] = {}
        for one in self.world.rows(Notice):
            if one.level is not None and one.event_id is None and not one.key.startswith("W:"):
                climbed.setdefault((one.obligation_id, one.due_version), []).append((one.night_on, one.level))
        for steps in climbed.values():
            nights = {
                level: min(night for night, at_level in steps if at_level == level) for _, level in steps
            }
            ordered = sorted(nights)
            assert [nights[level] for level in ordered] == sorted(nights.values())
            assert len(set(nights.values())) == len(nights), "two levels in one night"

    @precondition(lambda self: hasattr(self, "world"))
    @invariant()
    def the_journal_folds_to_the_state(self) -> None:
        """I7."""
        states: dict[int, str] = {}
        for event in self.world.rows(Event):
            if event.directive_id is not None and event.to_state is not None:
                states[event.directive_id] = event.to_state
        assert {one.id: one.state for one in self.world.rows(Directive)} == states
        with reading(self.engine) as db:
            assert audit.verify(db).intact

    @precondition(lambda self: hasattr(self, "world"))
    @invariant()
    def what_must_be_told_has_its_mail(self) -> None:
        """I9: state, journal and outbox agree."""
        keys = {one.key for one in self.world.messages()}
        wanted = {one.bundle for one in self.world.rows(Notice) if one.status is NoticeStatus.WANTED}
        assert wanted - {None} <= keys

    def _everything(self) -> tuple[Any, ...]:
        with reading(self.engine) as db:
            counts = [
                db.scalar(select(func.count()).select_from(table)) for table in (Event, Notice, Message)
            ]
        states = [(one.code, one.state, one.version, one.due_on) for one in self.world.rows(Directive)]
        clocks = [(one.id, one.status, one.due_on, one.level) for one in self.world.obligations()]
        return counts, states, clocks

    def _state(self, code: str) -> Directive:
        return next(one for one in self.world.rows(Directive) if one.code == code)

    def _roles(self, who: str, code: str) -> set[str]:
        with reading(self.engine) as db:
            directive = db.scalars(select(Directive).where(col(Directive.code) == code)).one()
            return access.roles_in(db, access.find_actor(db, f"{who}@lamgiang.example"), directive)

    def _inputs(self, later: int) -> dict[str, Any]:
        return {
            "reason": "Lý do", "text": "Nội dung", "due_on": self.world.today + timedelta(days=later),
            "resume_on": self.world.today + timedelta(days=later), "lead": "syt", "evidence": (Evidence("Biên bản"),),
        }  # fmt: skip


@pytest.fixture(params=["sqlite", "postgresql"])
def new_engine(
    request: pytest.FixtureRequest, schema_templates: SchemaTemplates, tmp_path: Path
) -> Iterator[NewEngine]:
    made: list[Engine] = []

    def sqlite() -> Engine:
        return open_database(schema_templates.copy_of_sqlite(tmp_path / f"{len(made)}.db"))

    def postgresql() -> Engine:
        server: PostgresServer = request.getfixturevalue("postgres")
        return open_database(
            server.url(server.create_database(template=schema_templates.of_postgres(server)))
        )

    def new() -> Engine:
        made.append(sqlite() if request.param == "sqlite" else postgresql())
        return made[-1]

    yield new
    for engine in made:
        engine.dispose()


@pytest.mark.timeout(300)
def test_every_promise_holds_after_any_step_by_anybody(new_engine: NewEngine) -> None:
    class Here(Machine):
        pass

    Here.new_engine = staticmethod(new_engine)
    run_machine(
        Here,
        settings=settings(
            max_examples=5, stateful_step_count=16, deadline=None, derandomize=True, database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
