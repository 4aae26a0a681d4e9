"""One week for those who lead: five figures that add up, what changed, what waits for whom, what comes next."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, or_, select
from sqlmodel import Session, col

from workflow import asof
from workflow.access import Actor, visible
from workflow.figures import counting, listing
from workflow.figures.cells import FIVE, Cell, Figure
from workflow.figures.counting import Counts
from workflow.figures.ledger import ledger
from workflow.figures.listing import Row
from workflow.figures.rules import RulesOn
from workflow.figures.scope import Dimension, Scope
from workflow.ladder import ObligationKind
from workflow.models.directive import Directive
from workflow.models.event import Event
from workflow.models.obligation import ObligationStatus
from workflow.models.organization import Organization
from workflow.words import OBLIGATIONS, Texts, pair

DAYS = 7
HIGH_LEVEL = 3
ACTS: dict[str, Texts] = {
    "issue": pair("giao việc", "issued"),
    "report": pair("đã báo cáo kết quả", "reported"),
    "accept": pair("hoàn thành", "done"),
    "send_back": pair("trả lại, yêu cầu bổ sung", "sent back"),
    "grant_extension": pair("được gia hạn", "extended"),
    "refuse_extension": pair("không được gia hạn", "extension refused"),
    "suspend": pair("tạm dừng", "suspended"),
    "resume": pair("tiếp tục", "resumed"),
    "withdraw": pair("thu hồi", "withdrawn"),
    "close_not_done": pair("kết thúc khi chưa hoàn thành", "closed, not done"),
    "reopen": pair("mở lại", "reopened"),
    "reassign": pair("giao lại cho cơ quan khác", "reassigned"),
}
QUIET_ACTS: dict[str, Texts] = {
    "draft": pair("soạn dự thảo", "drafted"),
    "correct": pair("sửa dự thảo", "corrected"),
    "acknowledge": pair("xác nhận tiếp nhận", "acknowledged"),
    "progress": pair("báo cáo tiến độ", "noted progress"),
    "contribute": pair("gửi phần phối hợp", "contributed"),
    "dispute": pair("báo không thuộc thẩm quyền", "disputed"),
    "keep": pair("giữ nguyên cơ quan chủ trì", "kept the lead"),
    "return_to_issuer": pair("nhận lại để giao cơ quan khác", "taken back"),
    "request_extension": pair("đề nghị gia hạn", "asked for an extension"),
    "take_note": pair("ghi nhận báo cáo kỳ", "took note"),
    "drop": pair("bỏ, không giao", "dropped"),
    "calendar.move": pair("đổi hạn theo lịch làm việc", "date moved by the calendar"),
    "letter.draft": pair("lập dự thảo văn bản", "letter drafted"),
    "letter.signed": pair("nhận bản ký", "signed letter kept"),
}


@dataclass(frozen=True)
class Change:
    code: str
    title: str
    on: date
    what: Texts
    is_secret: bool


@dataclass(frozen=True)
class Waiting:
    """A duty of the delegation's side that somebody below waits for."""

    code: str
    title: str
    what: Texts
    whom: str
    whom_id: int
    since_on: date
    due_on: date
    is_secret: bool


@dataclass(frozen=True)
class Week:
    """`figures` are links and counts in the order of `FIVE`; they sum to `counts` of everything."""

    counts: Counts
    changes: list[Change]
    waiting: list[Waiting]
    upcoming: list[Row]
    agencies: list[Counts]

    @property
    def figures(self) -> list[tuple[Cell | Figure, int, str]]:
        return [(one, self.counts[one], self.counts.link(one)) for one in FIVE]


def week(db: Session, actor: Actor, rules: RulesOn, scope: Scope) -> Week:
    """The seven days up to and including `scope.on`."""
    agencies, counts = counting.table(db, actor, rules, scope, Dimension.AGENCY)
    coming = (Cell.DUE_SOON, Cell.IN_TIME)
    until = scope.on + timedelta(days=DAYS)
    dated = [
        row
        for row in listing.rows(db, actor, rules, scope, coming)
        if row.due_on is not None and row.due_on <= until
    ]
    return Week(counts, _changes(db, actor, rules, scope), _waiting(db, actor, rules, scope), dated, agencies)


def _inside(actor: Actor, rules: RulesOn, scope: Scope) -> Select[Any]:
    book = ledger(scope.on, scope.led_by)
    return book.select(actor, rules, book.directive_id.label("id")).where(*scope.conditions(book, rules))


def _changes(db: Session, actor: Actor, rules: RulesOn, scope: Scope) -> list[Change]:
    columns: tuple[Any, ...] = (
        col(Directive.code), col(Directive.title), col(Event.on), col(Event.act), col(Event.level),
        col(Directive.is_secret),
    )  # fmt: skip
    climbed = (col(Event.act).in_(("climb", "escalate"))) & (col(Event.level) >= HIGH_LEVEL)
    inside = _inside(actor, rules, scope).subquery("inside")
    query = (
        select(*columns)
        .join(Directive, col(Directive.id) == col(Event.directive_id))
        .join(inside, inside.c.id == col(Event.directive_id))
        .where(col(Event.on) > scope.on - timedelta(days=DAYS), col(Event.on) <= scope.on)
        .where(or_(col(Event.act).in_(sorted(ACTS)), climbed))
        .order_by(col(Event.on).desc(), col(Event.id).desc())
    )
    return [
        Change(code, title, on, _what(act, level), bool(secret))
        for code, title, on, act, level, secret in db.execute(query)
    ]


def spoken(event: Event) -> Texts:
    """One act of the journal in words, with its level or reason."""
    if event.level is not None:
        return _what(event.act, event.level)
    said = ACTS.get(event.act) or QUIET_ACTS.get(event.act) or pair(event.act, event.act)
    return {locale: f"{text}: {event.reason}" if event.reason else text for locale, text in said.items()}


def _what(act: str, level: int | None) -> Texts:
    return ACTS.get(act) or pair(f"lên cấp {level}", f"reached level {level}")


def _waiting(db: Session, actor: Actor, rules: RulesOn, scope: Scope) -> list[Waiting]:
    owed, inside = asof.obligations_at(scope.on), _inside(actor, rules, scope).subquery("inside")
    query = (
        select(
            col(Directive.code), col(Directive.title), owed.c.kind, col(Organization.name),
            owed.c.owed_by_id, owed.c.opened_on, owed.c.due_on, col(Directive.is_secret),
        )
        .join(Directive, col(Directive.id) == owed.c.directive_id)
        .join(Organization, col(Organization.id) == owed.c.owed_by_id)
        .join(inside, inside.c.id == owed.c.directive_id)
        .where(owed.c.status == ObligationStatus.RUNNING, visible(actor))
        .where(owed.c.kind.in_([ObligationKind.REVIEW, ObligationKind.DECIDE]))
        .order_by(owed.c.opened_on, col(Directive.code))
    )  # fmt: skip
    return [
        Waiting(code, title, OBLIGATIONS[ObligationKind(kind)], name, whom, since, due, bool(secret))
        for code, title, kind, name, whom, since, due, secret in db.execute(query)
    ]
