"""The demo's plot: directives issued, months of nights on a fast clock, three kinds of agencies."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial

from sqlalchemy import Engine, func, select
from sqlmodel import Session, col

from cli.demo import cast
from cli.demo.reading import Instruction
from config import instant
from config.database import reading, writing
from config.settings import Settings
from tasks.app import bell
from workflow import access, intake, outbox, rulebook
from workflow.conclusions.intake import SourceText
from workflow.conclusions.reading import Reading
from workflow.desk import Desk
from workflow.drafts import Draft, draft_directive
from workflow.inputs import Evidence, Inputs
from workflow.ladder import ObligationKind, Position
from workflow.models.directive import Directive
from workflow.models.message import Message
from workflow.models.obligation import Obligation, ObligationStatus
from workflow.models.organization import Organization
from workflow.models.supervision import Supervision
from workflow.models.sweep_run import SweepRun, SweepStatus

SUPERVISION = "GS14"
PROMPT, ASKS, SILENT = "prompt", "asks", "silent"
BEHAVIOURS = (PROMPT, ASKS, SILENT)
AFTER_LAST_DUE = 24
"""Working days played after the last due day: past level 4 and its first weekly digest."""
PRODUCT = "Báo cáo kết quả thực hiện"
RING_AGAIN = 1.0
GIVE_UP = 120.0


@dataclass(frozen=True)
class NightTold:
    """One line of the table: a night on which somebody was written to."""

    night: date
    mails: int
    kinds: dict[str, int]


@dataclass
class Story:
    engine: Engine
    settings: Settings
    start: date
    behaviours: dict[str, str] = field(default_factory=dict)
    codes: list[str] = field(default_factory=list)
    chaos: Callable[[int], None] = lambda _night: None

    def cast(self, instructions: list[Instruction]) -> None:
        names = [name for one in instructions for name in (one.lead, *one.coordinating)]
        with writing(self.engine) as db:
            delegation = cast.found_delegation(db)
            self.agencies = cast.found_agencies(db, names)
            db.add(
                Supervision(
                    code=SUPERVISION, delegation_id=delegation.id, session_on=self.start,
                    subject="việc thực hiện kết luận giám sát",
                )
            )  # fmt: skip
        self._assign_behaviours(instructions)

    def _assign_behaviours(self, instructions: list[Instruction]) -> None:
        """By agency where three or more lead; by directive where fewer do."""
        leads = list(dict.fromkeys(one.lead for one in instructions))
        for number, one in enumerate(instructions):
            turn = leads.index(one.lead) if len(leads) >= len(BEHAVIOURS) else number
            self.codes.append(f"{SUPERVISION}-{number + 1:02d}")
            self.behaviours[self.codes[-1]] = BEHAVIOURS[turn % len(BEHAVIOURS)]

    def issue(self, source: SourceText, name: str, reading: Reading, instructions: list[Instruction]) -> None:
        """The secretary's drafts, issued by the chair in one transaction: one mail an agency, not one a directive."""
        self._set_clock(self.start, 9)
        with self._desk(cast.DELEGATION, Position.SECRETARY) as desk:
            supervision = desk.db.scalars(
                select(Supervision).where(col(Supervision.code) == SUPERVISION)
            ).one()
            conclusion = intake.store(desk, supervision, source, reading, name)
            for code, one in zip(self.codes, instructions, strict=True):
                draft_directive(desk, self._draft(code, one, conclusion.id))
            intake.submit(desk, conclusion.code)
            issued = conclusion.code
        with self._desk(cast.DELEGATION, Position.CHAIR) as desk:
            intake.approve(desk, issued)

    def _draft(self, code: str, one: Instruction, conclusion_id: int) -> Draft:
        return Draft(
            code=code, supervision=SUPERVISION, text=one.quote, quote=one.quote, span=(one.start, one.end),
            lead=self.agencies[one.lead], coordinating=tuple(self.agencies[name] for name in one.coordinating),
            due_on=one.due_on, due_is_express=one.dated_by == "text", rhythm=one.rhythm,
            product=PRODUCT, conclusion_id=conclusion_id,
        )  # fmt: skip

    def last_night(self) -> date:
        with reading(self.engine) as db:
            last = db.scalar(select(func.max(col(Obligation.due_on)))) or self.start
            return rulebook.active_calendar(db).shift(last, AFTER_LAST_DUE)

    def nights(self, last: date) -> Iterator[NightTold | None]:
        """Each night: sweep at 01:30, mails at 08:00, agencies act at 10:00, the delegation at 15:00."""
        for number in range((last - self.start).days):
            night = self.start + timedelta(days=number + 1)
            self._deliver(night - timedelta(days=1), 20)
            self.chaos(number)
            self._sweep(night)
            self._deliver(night, 8)
            yield self._told(night)
            self._act(night)

    def _sweep(self, night: date) -> None:
        self._set_clock(night, 1, 30)
        self._until(
            partial(bell.ring, "dondoc.sweep", night=night.isoformat()), partial(self._is_swept, night)
        )

    def _is_swept(self, night: date) -> bool:
        done = col(SweepRun.status) == SweepStatus.COMPLETED
        with reading(self.engine) as db:
            return (
                db.scalar(select(col(SweepRun.id)).where(done, col(SweepRun.night_on) == night)) is not None
            )

    def _deliver(self, night: date, hour: int) -> None:
        self._set_clock(night, hour)
        if not self._is_delivered():
            self._until(partial(bell.ring, "dondoc.deliver"), self._is_delivered)

    def _is_delivered(self) -> bool:
        with reading(self.engine) as db:
            due = col(Message.next_attempt_at) <= instant.now(self.settings)
            waiting = (
                select(func.count()).select_from(Message).where(col(Message.status).in_(outbox.OPEN), due)
            )
            return db.scalar(waiting) == 0

    def _until(self, ring: Callable[[], object], is_done: Callable[[], bool]) -> None:
        """Ring, and ring again like the clock would: a lost ring delays, it loses nothing."""
        give_up, again = time.monotonic() + GIVE_UP, 0.0
        while not is_done():
            if time.monotonic() > give_up:
                raise TimeoutError("the worker did not answer")
            if time.monotonic() > again:
                ring()
                again = time.monotonic() + RING_AGAIN
            time.sleep(0.01)

    def _told(self, night: date) -> NightTold | None:
        query = (
            select(col(Message.kind), func.count())
            .where(col(Message.night_on) == night)
            .group_by(Message.kind)
        )
        with reading(self.engine) as db:
            kinds = {str(kind): int(count) for kind, count in db.execute(query)}
        return NightTold(night, sum(kinds.values()), kinds) if kinds else None

    def _act(self, day: date) -> None:
        """What people do on an ordinary working day."""
        with reading(self.engine) as db:
            if not rulebook.active_calendar(db).is_open(day):
                return
            todo = [self._agency_act(db, code, day) for code in self.codes]
            waiting = [self._delegation_act(db, code) for code in self.codes]
        for hour, acts in ((10, todo), (15, waiting)):
            for act in filter(None, acts):
                self._set_clock(day, hour)
                act()

    def _agency_act(self, db: Session, code: str, day: date) -> Callable[[], None] | None:
        directive = db.scalars(select(Directive).where(col(Directive.code) == code)).one()
        behaviour = self.behaviours[code]
        if behaviour == SILENT or directive.state not in (
            "issued",
            "acknowledged",
            "in_progress",
            "sent_back",
        ):
            return None
        lead = db.get_one(Organization, directive.lead_id).code
        if directive.state == "issued":
            return partial(self._move, lead, Position.CLERK, code, "acknowledge")
        left = self._working_days_left(db, directive, day)
        if left is None:
            return None
        if behaviour == ASKS and directive.extensions == 0 and left == 3 and directive.rhythm is None:
            return partial(self._ask, lead, code, directive.due_on)
        if left <= 1:
            return partial(self._report, lead, code)
        return None

    def _working_days_left(self, db: Session, directive: Directive, day: date) -> int | None:
        running = select(func.min(col(Obligation.due_on))).where(
            col(Obligation.directive_id) == directive.id,
            col(Obligation.kind) == ObligationKind.DELIVER,
            col(Obligation.status) == ObligationStatus.RUNNING,
        )
        due_on = db.scalar(running)
        return None if due_on is None else rulebook.active_calendar(db).count(day, due_on)

    def _delegation_act(self, db: Session, code: str) -> Callable[[], None] | None:
        directive = db.scalars(select(Directive).where(col(Directive.code) == code)).one()
        if directive.state == "reported":
            move = "take_note" if directive.rhythm else "accept"
            return partial(self._move, cast.DELEGATION, Position.DEPUTY_CHAIR, code, move)
        pending = select(col(Obligation.id)).where(
            col(Obligation.directive_id) == directive.id,
            col(Obligation.kind) == ObligationKind.DECIDE,
            col(Obligation.status) == ObligationStatus.RUNNING,
        )
        if db.scalar(pending) is None or directive.due_on is None:
            return None
        new_due = rulebook.active_calendar(db).shift(directive.due_on, 10)
        given = Inputs(due_on=new_due, reason="Khối lượng lớn, đồng ý lùi thời hạn.")
        return partial(self._move, cast.DELEGATION, Position.CHAIR, code, "grant_extension", given)

    def _ask(self, lead: str, code: str, due_on: date | None) -> None:
        with reading(self.engine) as db:
            wanted = rulebook.active_calendar(db).shift(due_on or self.start, 10)
        given = Inputs(due_on=wanted, reason="Cần thêm thời gian khảo sát.", text="Đã làm xong một nửa.")
        self._move(lead, Position.CLERK, code, "request_extension", given)

    def _report(self, lead: str, code: str) -> None:
        given = Inputs(
            text="Đã hoàn thành theo yêu cầu.", evidence=(Evidence("Biên bản làm việc tại cơ sở"),)
        )
        self._move(lead, Position.CLERK, code, "report", given)

    def _move(self, body: str, position: Position, code: str, move: str, given: Inputs | None = None) -> None:
        with self._desk(body, position) as desk:
            desk.move(code, move, given)

    @contextmanager
    def _desk(self, body: str, position: Position) -> Iterator[Desk]:
        """One act of one person of the cast, in one transaction."""
        with writing(self.engine) as db:
            actor = access.find_actor(db, cast.person_of(db, body, position))
            desk = Desk(db, actor, instant.now(self.settings))
            yield desk
            desk.finish()

    def _set_clock(self, day: date, hour: int, minute: int = 0) -> None:
        assert self.settings.clock_file is not None
        at = datetime(day.year, day.month, day.day, hour, minute, tzinfo=self.settings.timezone)
        if at > instant.now(self.settings):
            instant.set_now(self.settings.clock_file, at)
