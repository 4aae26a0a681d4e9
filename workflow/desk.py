"""Where acts happen: one person, one instant, one transaction.

A move checks the lifecycle (state, role, inputs), changes the directive and its obligations, appends
the event and writes what must be told. `finish()` bundles everything told in this transaction, so
issuing eight directives to one agency is one mail.
"""

from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import func, select
from sqlmodel import Session, col

from workflow import access, audit, deputies, effects, escalation, rulebook
from workflow.access import Actor
from workflow.bundles import bundle
from workflow.errors import ChangedMeanwhile, InputMissing, MoveNotAllowed, NotFound, RoleNotAllowed
from workflow.escalation import Climbed
from workflow.inputs import Inputs
from workflow.kinds import NoticeKind
from workflow.ladder import ObligationKind
from workflow.lifecycle import Lifecycle
from workflow.models.attachment import Attachment
from workflow.models.directive import Directive
from workflow.models.event import Event
from workflow.models.notice import Notice, NoticeStatus
from workflow.models.rule_version import RuleKind
from workflow.moves import Move
from workflow.obligations import Clock
from workflow.people import Audiences, Reader
from workflow.policy import Policy
from workflow.policy_for import policy_for

LOCALES = ("vi", "en")


class Desk:
    """`today` differs from `now` only for records of acts done earlier on paper, which tell nobody."""

    def __init__(
        self, db: Session, actor: Actor, now: datetime, *, today: date | None = None, tells: bool = True
    ) -> None:
        self.db = db
        self.now = now
        self.calendar = rulebook.active_calendar(db)
        self.today = today or rulebook.local_day(now, rulebook.active_policy(db).zone)
        self.actor = deputies.standing_in(db, actor, self.today)
        self.tells = tells
        self.batch: str | None = None

    def move(
        self, code: str, name: str, inputs: Inputs | None = None, *, version: int | None = None
    ) -> Event:
        """Make one move; raises a WorkflowError and changes nothing when it is refused."""
        given = inputs or Inputs()
        directive = self.locked(code)
        if version is not None and version != directive.version:
            raise ChangedMeanwhile(code=code, theirs=directive.version, yours=version)
        lifecycle = self._lifecycle(directive)
        move = lifecycle.find(name, directive.state, code)
        self._check(lifecycle, move, directive, given)
        return self._apply(move, directive, given)

    def issue_from_record(self, code: str) -> Event:
        """For imports: the issuing happened on paper, on `today`; here it is only recorded."""
        directive = self.locked(code)
        lifecycle = self._lifecycle(directive)
        move = lifecycle.find("issue", directive.state, code)
        for requirement in move.requires:
            if not effects.has(requirement, directive, Inputs()):
                raise InputMissing(field=requirement, move=move.title, code=code)
        return self._apply(move, directive, Inputs())

    def locked(self, code: str) -> Directive:
        """The directive for changing: only if this actor may know it exists."""
        query = select(Directive).where(col(Directive.code) == code, access.visible(self.actor))
        query = query.with_for_update().execution_options(populate_existing=True)
        directive = self.db.scalar(query)
        if directive is None:
            raise NotFound(what={"vi": "nhiệm vụ", "en": "Directive"}, code=code)
        return directive

    def _lifecycle(self, directive: Directive) -> Lifecycle:
        return rulebook.lifecycle(
            self.db, directive.lifecycle_id or rulebook.active(self.db, RuleKind.LIFECYCLE).id
        )

    def _check(self, lifecycle: Lifecycle, move: Move, directive: Directive, given: Inputs) -> None:
        said = {"move": move.title, "code": directive.code}
        if not set(move.by) & access.roles_in(self.db, self.actor, directive):
            allowed = {
                locale: ", ".join(lifecycle.roles[role][locale] for role in move.by) for locale in LOCALES
            }
            raise RoleNotAllowed(actor=self.actor.name, allowed=allowed, **said)
        if not move.fits(has_rhythm=directive.rhythm is not None):
            raise self._not_now(lifecycle, move, directive)
        if move.answers is not None and not self._waits(lifecycle, move.answers, directive):
            raise self._not_now(lifecycle, move, directive)
        for requirement in move.requires:
            if not effects.has(requirement, directive, given):
                raise InputMissing(field=requirement, **said)

    def _acting(self, move: Move, directive: Directive) -> Actor:
        """Named in the journal with whom they stand in for, where their own posts would not do."""
        lent = [post.holder for post in self.actor.posts if post.holder]
        if not lent or set(move.by) & access.roles_in(self.db, self.actor.in_own_name, directive):
            return self.actor
        return replace(self.actor, name=f"{self.actor.name} (thay {', '.join(dict.fromkeys(lent))})"[:200])

    def _not_now(self, lifecycle: Lifecycle, move: Move, directive: Directive) -> MoveNotAllowed:
        allowed = lifecycle.allowed(directive.state)
        state = lifecycle.states[directive.state].title
        return MoveNotAllowed(move=move.title, code=directive.code, state=state, allowed=allowed)

    def _waits(self, lifecycle: Lifecycle, asked: str, directive: Directive) -> bool:
        """Is there such a request, with nothing since that answered it?"""
        answers = {
            move.name
            for move in lifecycle.moves
            if move.answers == asked or ObligationKind.DECIDE in (*move.discharges, *move.voids)
        } - {asked}
        query = select(col(Event.act)).where(
            col(Event.directive_id) == directive.id, col(Event.act).in_([asked, *sorted(answers)])
        )
        return self.db.scalar(query.order_by(col(Event.id).desc()).limit(1)) == asked

    def _apply(self, move: Move, directive: Directive, given: Inputs) -> Event:
        before, policy = directive.state, self._policy(directive)
        act = effects.Act(self.db, directive, given, policy, self.calendar, self.today, self.now)
        former_lead = directive.lead_id
        act.before(move)
        act.clock = Clock(self.db, directive, policy, self.calendar, self.now, act.delivery_due)
        self._turn_clocks(move, act.clock)
        directive.state = self._target(move, directive)
        act.after(move)
        directive.version += 1
        directive.changed_at = self.now
        self.db.add(directive)
        climbed = escalation.climb(self.db, act.clock, self.today) if "level" in move.sets else None
        event = self._record(move, directive, given, before, climbed)
        self._attach(directive.id, event, given)
        self._tell(move, event, directive, policy, former_lead)
        if climbed is not None:
            self._escalate(event, climbed, act.clock)
        return event

    def _escalate(self, event: Event, climbed: Climbed, clock: Clock) -> None:
        """By hand: the next level of the delivery, told at once to whom the policy names."""
        for told in escalation.people(self.db, climbed, clock.policy, self.today):
            self.db.add(told.notice(event, climbed, f"A:{self.batch}:{told.person_id}", self.today))

    def _policy(self, directive: Directive) -> Policy:
        return rulebook.policy(self.db, directive.policy_id or policy_for(self.db, directive).id)

    def _turn_clocks(self, move: Move, clock: Clock) -> None:
        on = self.today
        clock.meet(move.discharges, on, self._met_by(move))
        clock.void(move.voids, on)
        clock.pause(move.pauses, on)
        clock.resume(move.resumes, on)
        for kind in move.opens:
            clock.open(kind, on)

    def _met_by(self, move: Move) -> set[int] | None:
        """A coordinating agency meets only its own contribution."""
        return self.actor.organizations() if move.by == ("coordinating",) else None

    def _target(self, move: Move, directive: Directive) -> str:
        return move.target(directive.state, directive.state_before_pause)

    def _record(
        self, move: Move, directive: Directive, given: Inputs, before: str, climbed: Climbed | None
    ) -> Event:
        detail = {"text": given.text, "evidence": [one.name for one in given.evidence]}
        return audit.record(
            self.db, self._acting(move, directive), move.name, at=self.now, on=self.today,
            directive_id=directive.id, from_state=before, to_state=directive.state,
            obligation_id=climbed.obligation.id if climbed else None,
            due_on=directive.due_on, level=climbed.level.level if climbed else None, reason=given.reason,
            detail={name: value for name, value in detail.items() if value} or None,
        )  # fmt: skip

    def _attach(self, directive_id: int, event: Event, given: Inputs) -> None:
        for file in given.evidence:
            if file.stored_as is not None:
                self.db.add(
                    Attachment(
                        directive_id=directive_id, event_id=event.id, name=file.name, media_type=file.media_type,
                        size=file.size, sha256=file.sha256, stored_as=file.stored_as, received_at=self.now,
                    )
                )  # fmt: skip

    def _tell(
        self, move: Move, event: Event, directive: Directive, policy: Policy, former_lead: int | None
    ) -> None:
        audiences = Audiences(self.db, directive, policy, self.today, self.actor, former_lead)
        if not self.tells:
            return
        self.batch = self.batch or str(event.id)
        told: set[int] = set()
        for tell in move.tells:
            for word in tell.to:
                readers = audiences.readers(word)
                self._journal_silence(tell.kind, event, directive, set(audiences.bodies(word)), readers)
                for reader in readers:
                    if reader.person_id not in told:
                        self.db.add(self._notice(tell.kind, event, directive, reader))
                        told.add(reader.person_id)

    def _notice(self, said: str, event: Event, directive: Directive, reader: Reader) -> Notice:
        kind, person_id = NoticeKind(said), reader.person_id
        return Notice(
            key=f"E:{event.id}:{person_id}", kind=kind.value, severity=kind.severity, directive_id=directive.id,
            event_id=event.id, person_id=person_id, organization_id=reader.organization_id, due_on=directive.due_on,
            stands_for_id=reader.stands_for_id, instead_of=reader.instead_of,
            due_version=directive.due_version, night_on=self.today, bundle=f"A:{self.batch}:{person_id}",
        )  # fmt: skip

    def _journal_silence(
        self, said: str, event: Event, directive: Directive, bodies: set[int | None], readers: list[Reader]
    ) -> None:
        """A body where nobody can be reached stands in the journal of silence; nothing is lost without a word."""
        kind = NoticeKind(said)
        for body in sorted(bodies - {reader.organization_id for reader in readers}, key=str):
            key = f"E:{event.id}:{kind.value}:nobody:{body}"
            if self.db.scalar(select(col(Notice.id)).where(col(Notice.key) == key)) is None:
                self.db.add(
                    Notice(
                        key=key, kind=kind.value, severity=kind.severity, status=NoticeStatus.UNREACHABLE,
                        reason="nobody_reachable", directive_id=directive.id, event_id=event.id,
                        organization_id=body, due_on=directive.due_on, due_version=directive.due_version,
                        night_on=self.today,
                    )
                )  # fmt: skip

    def finish(self) -> int:
        """Bundle what this transaction told; returns the number of new messages."""
        if self.batch is None:
            return 0
        self.db.flush()
        ours = func.substr(col(Notice.bundle), 1, len(self.batch) + 3) == f"A:{self.batch}:"
        return bundle(self.db, ours, now=self.now, send_at=self.now)
