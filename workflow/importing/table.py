"""Taking over a register kept in a spreadsheet: every row as a directive with the life it had on paper."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import cached_property

from sqlalchemy import select
from sqlmodel import Session, col

from workflow import audit, lookalikes, standing
from workflow.access import Actor
from workflow.desk import Desk
from workflow.drafts import Draft, draft_directive
from workflow.errors import WorkflowError
from workflow.findings import Finding
from workflow.importing.headings import ColumnMap
from workflow.importing.load import ImportReport
from workflow.importing.paper_desk import PaperDesk
from workflow.importing.sheet import check_any, read_sheet
from workflow.importing.table_rows import Record, read_record
from workflow.inputs import Evidence, Inputs
from workflow.ladder import ObligationKind
from workflow.models.directive import Directive
from workflow.models.obligation import Obligation, ObligationStatus
from workflow.models.organization import Organization, OrganizationKind
from workflow.models.supervision import Supervision
from workflow.plain import plain
from workflow.words import pair

RECORDED = "import.record"
WORDS = {"chua hoan thanh": "in_progress", "dang thuc hien": "in_progress", "da hoan thanh": "done",
         "hoan thanh dung han": "done", "hoan thanh qua han": "done", "chua thuc hien": "issued",
         "qua han": "in_progress", "trong han": "in_progress"}  # fmt: skip


def import_table(
    db: Session,
    content: bytes,
    name: str,
    mapping: ColumnMap,
    *,
    actor: Actor,
    now: datetime,
    partial: bool = False,
) -> ImportReport:
    """Import everything, or raise ImportInvalid; with `partial` the good rows stay and the others are reported.

    The same file twice changes nothing; nobody is told of what was issued on paper.
    """
    lines = read_sheet(content, name, mapping)
    loader = _Loader(db, actor, now, name)
    states = known_states(db, loader.today)
    for line in lines:
        loader.take(read_record(line, mapping.defaults, states))
    check_any(lines, loader.report.findings, name, partial=partial)
    counts = dict(sorted(loader.report.counts.items()))
    audit.record(db, actor, "import", at=now, on=loader.today, reason=name, detail=counts)
    return loader.report


def known_states(db: Session, today: date) -> dict[str, str]:
    """What a status column may say, in plain letters: names and titles of the lifecycle, and common words."""
    day = standing.as_of(db, today)
    titles = {plain(title[locale]): name for name, title in day.states.items() for locale in title}
    return {**WORDS, **titles, **{name: name for name in day.states}}


class _Loader:
    def __init__(self, db: Session, actor: Actor, now: datetime, name: str) -> None:
        self.db, self.actor, self.now, self.name = db, actor, now, name
        self.report = ImportReport()
        self.today = Desk(db, actor, now).today

    def take(self, record: Record | list[Finding]) -> None:
        if isinstance(record, list):
            self.report.findings += record
            self.report.counts["refused"] += 1
            return
        try:
            with self.db.begin_nested():
                self.report.counts[self._written(record)] += 1
        except WorkflowError as refusal:
            self.__dict__.pop("_names", None)  # a body of this row was not made after all
            why = {locale: refusal.text(locale) for locale in ("vi", "en")}
            self.report.findings.append(record.line.finding("code", why))
            self.report.counts["refused"] += 1

    def _written(self, record: Record) -> str:
        lead = self._body(record.lead, record.lead_name)
        found = self.db.scalar(select(Directive).where(col(Directive.code) == record.code))
        if found is not None and (found.text, found.issued_on, found.lead_id) == (
            record.text,
            record.issued_on,
            lead.id,
        ):
            return "unchanged"
        self._supervision(record)
        names = [*record.coordinating_names, *[""] * len(record.coordinating)]
        codes = [
            *record.coordinating,
            *[None] * max(0, len(record.coordinating_names) - len(record.coordinating)),
        ]
        coordinating = tuple(
            self._body(code, name or None).code for code, name in zip(codes, names, strict=False)
        )
        self._issue(record, lead.code, coordinating)
        self._live(record)
        return "created"

    def _issue(self, record: Record, lead: str, coordinating: tuple[str, ...]) -> None:
        desk = self._desk(record.issued_on)
        dated = record.rhythm is None
        directive = draft_directive(
            desk,
            Draft(
                code=record.code, supervision=record.supervision, text=record.text, title=record.title, lead=lead,
                coordinating=coordinating, due_on=record.due_on if dated else None, rhythm=record.rhythm,
                product=record.product, is_secret=record.is_secret,
            ),
        )  # fmt: skip
        directive.urgency = record.urgency
        directive.original_due_on = record.original_due_on if dated else None
        directive.extensions = record.extensions
        desk.issue_from_record(record.code)
        if not dated and record.due_on is not None:
            self._set_period(directive, record.due_on)

    def _set_period(self, directive: Directive, due_on: date) -> None:
        """The period the table speaks of is the one owed."""
        for owed in self._deliveries(directive):
            owed.due_on = owed.original_due_on = directive.rhythm_on = due_on
            self.db.add(owed)

    def _live(self, record: Record) -> None:
        """What happened since, act by act, each on its day."""
        for on, move, given in life(record):
            self._desk(on).made(record.code, move, given)
        directive = self.db.scalars(select(Directive).where(col(Directive.code) == record.code)).one()
        if record.level:
            self._raise_level(directive, record.level)
        detail = {"file": self.name, "row": record.line.number, "source": record.source}
        audit.record(
            self.db,
            self.actor,
            RECORDED,
            at=self.now,
            on=record.issued_on,
            directive_id=directive.id,
            detail=detail,
        )

    def _raise_level(self, directive: Directive, level: int) -> None:
        """The level reached on paper counts from today: the next one is a gap away."""
        for owed in self._deliveries(directive):
            owed.level, owed.level_raised_on, owed.level_settled_on = level, self.today, self.today
            self.db.add(owed)
            audit.record(
                self.db, self.actor, "climb", at=self.now, on=self.today, directive_id=directive.id,
                obligation_id=owed.id, level=level, due_on=owed.due_on,
            )  # fmt: skip

    def _deliveries(self, directive: Directive) -> list[Obligation]:
        query = select(Obligation).where(
            col(Obligation.directive_id) == directive.id,
            col(Obligation.kind) == ObligationKind.DELIVER,
            col(Obligation.status).in_([ObligationStatus.RUNNING, ObligationStatus.PAUSED]),
        )
        return list(self.db.scalars(query))

    def _desk(self, on: date) -> PaperDesk:
        return PaperDesk(self.db, self.actor, self.now, today=on, tells=False)

    def _body(self, code: str | None, name: str | None) -> Organization:
        """By code, by name or by another name; made when the table names it and nobody knows it."""
        found = self._known(code, name)
        if found is None:
            code, name = code or self._new_code(str(name)), name or str(code)
            found = self._new_body(code, name, OrganizationKind.AGENCY)
        return found

    def _new_body(self, code: str, name: str, kind: OrganizationKind) -> Organization:
        self._names.check(code, name)
        body = Organization(code=code, name=name, kind=kind)
        self.db.add(body)
        self.db.flush()
        self._names.add(code, name)
        return body

    @cached_property
    def _names(self) -> lookalikes.BodyNames:
        return lookalikes.BodyNames(self.db)

    def _known(self, code: str | None, name: str | None) -> Organization | None:
        if code is not None:
            return self.db.scalar(select(Organization).where(col(Organization.code) == code))
        sought = plain(str(name))
        for body in self.db.scalars(select(Organization)):
            if sought in {plain(body.code), plain(body.name), *map(plain, body.aliases)}:
                return body
        return None

    def _new_code(self, name: str) -> str:
        """Initials, made unique: Sở Công Thương becomes sct."""
        stem = "".join(word[0] for word in plain(name).split() if word[0].isalnum())[:20] or "cq"
        taken = set(
            self.db.scalars(select(col(Organization.code)).where(col(Organization.code).like(f"{stem}%")))
        )
        return next(one for one in (stem, *(f"{stem}{n}" for n in range(2, 10_000))) if one not in taken)

    def _supervision(self, record: Record) -> None:
        found = self.db.scalar(select(Supervision).where(col(Supervision.code) == record.supervision))
        if found is not None:
            return
        if record.delegation is None and record.delegation_name is None:
            raise UnknownSupervision(code=record.supervision)
        body = self._known(record.delegation, record.delegation_name)
        if body is None:
            code = record.delegation or self._new_code(str(record.delegation_name))
            name = record.delegation_name or str(record.delegation)
            body = self._new_body(code, name, OrganizationKind.DELEGATION)
        self.db.add(
            Supervision(
                code=record.supervision, delegation_id=body.id, subject=record.subject or record.supervision,
                session_on=record.session_on, programme=record.programme,
            )
        )  # fmt: skip
        self.db.flush()


class UnknownSupervision(WorkflowError):
    """The table does not say whose supervision it is, so it cannot be made."""

    sentences = {
        "vi": "Chưa có cuộc giám sát {code}; thêm trước, hoặc thêm cột mã đoàn giám sát.",
        "en": "There is no supervision {code}; add it first, or give the delegation's column.",
    }
    http_status = 422


def life(record: Record) -> Iterator[tuple[date, str, Inputs]]:
    """The moves that lead to the record's state, each on the day the table gives, else on the nearest it knows."""
    since = record.acknowledged_on or record.issued_on
    last = record.state_on or record.reported_on or since
    if record.state in ("acknowledged", "in_progress") or record.acknowledged_on is not None:
        yield (
            record.acknowledged_on or (last if record.state == "acknowledged" else since),
            "acknowledge",
            Inputs(),
        )
    if record.difficulty or (record.state == "in_progress" and record.reported_on is None):
        on = last if record.state == "in_progress" and record.reported_on is None else since
        yield on, "progress", Inputs(text=record.difficulty)
    if record.reported_on is not None:
        shown = tuple(Evidence(one) for one in record.evidence)
        yield record.reported_on, "report", Inputs(text=record.result, evidence=shown)
    yield from _ending(record, last)


def _ending(record: Record, on: date) -> Iterator[tuple[date, str, Inputs]]:
    moves: Mapping[str, str] = {
        "done": "accept", "sent_back": "send_back", "withdrawn": "withdraw", "closed_not_done": "close_not_done",
        "suspended": "suspend",
    }  # fmt: skip
    given = Inputs(reason=IMPORTED["vi"], due_on=record.due_on, resume_on=record.due_on)
    if record.state in moves:
        yield on, moves[record.state], given
    elif record.state == "in_progress" and record.reported_on is not None:
        if record.rhythm is not None:
            yield on, "take_note", given
        else:
            yield on, "accept", given
            yield on, "reopen", given


IMPORTED = pair("theo danh mục nhập vào", "as the imported register says")
