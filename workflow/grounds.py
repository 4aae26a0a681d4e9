"""What started a clock and by which rule its due day was found."""

from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from workflow.ladder import ObligationKind
from workflow.ledger import Stretch
from workflow.models.directive import Directive
from workflow.models.event import Event
from workflow.models.obligation import Obligation
from workflow.models.rule_version import RuleVersion
from workflow.policy import Policy
from workflow.possible import lifecycle_of
from workflow.words import Texts, pair

MOVED_BY_PERSON = ("grant_extension", "send_back", "reopen")


def start(db: Session, directive: Directive, obligation: Obligation) -> Texts:
    """The act that opened it, and who made it."""
    if obligation.ladder == "periodic":
        day = f"{obligation.opened_on:%d/%m/%Y}"
        return pair(f"kỳ báo cáo mở từ {day}", f"the period opened on {day}")
    lifecycle = lifecycle_of(db, directive)
    openers = {move.name for move in lifecycle.moves if obligation.kind in move.opens}
    query = select(Event).where(
        col(Event.directive_id) == directive.id,
        col(Event.on) == obligation.opened_on,
        col(Event.act).in_(openers),
    )
    event = db.scalar(query.order_by(col(Event.id).desc()).limit(1))
    if event is None:
        return pair(f"mở ngày {obligation.opened_on:%d/%m/%Y}", f"opened on {obligation.opened_on:%d/%m/%Y}")
    title = lifecycle.move_title(event.act)
    day = f"{event.on:%d/%m/%Y}"
    return pair(f"{title['vi']}, {event.actor}, {day}", f"{title['en']}, {event.actor}, {day}")


def rule(
    db: Session, directive: Directive, obligation: Obligation, stretch: Stretch, policy: Policy, on: date
) -> Texts:
    """The rule of law, the decision or the line of the policy that gave the due day."""
    if (moved := _moved(db, directive, obligation, on)) is not None:
        return moved
    if obligation.kind is ObligationKind.DELIVER:
        return _delivery(directive, policy)
    row = db.get_one(RuleVersion, stretch.policy_id)
    term = "contribute_before" if obligation.kind is ObligationKind.CONTRIBUTE else obligation.kind.value
    days = policy.terms[term]
    unit = pair("ngày làm việc", "working days") if policy.counting == "working" else pair("ngày", "days")
    if obligation.kind is ObligationKind.CONTRIBUTE:
        return pair(
            f"chính sách {row.name} bản {row.number}: trước hạn của chủ trì {days} {unit['vi']}",
            f"policy {row.name} version {row.number}: {days} {unit['en']} before the lead's date",
        )
    return pair(
        f"chính sách {row.name} bản {row.number}: {days} {unit['vi']}, không tính ngày bắt đầu",
        f"policy {row.name} version {row.number}: {days} {unit['en']}, the first day not counted",
    )


def _moved(db: Session, directive: Directive, obligation: Obligation, on: date) -> Texts | None:
    """The latest act that set this date anew: a calendar, a resumption, a decision."""
    acts = ("calendar.move", "resume", *MOVED_BY_PERSON)
    query = select(Event).where(
        col(Event.directive_id) == directive.id, col(Event.act).in_(acts), col(Event.on) <= on,
        col(Event.on) >= obligation.opened_on, col(Event.obligation_id).in_([obligation.id]) | col(Event.obligation_id).is_(None),
    )  # fmt: skip
    event = db.scalar(query.order_by(col(Event.id).desc()).limit(1))
    if event is None:
        return None
    day, why = f"{event.on:%d/%m/%Y}", f": {event.reason}" if event.reason else ""
    if event.act == "calendar.move":
        return pair(f"lịch đổi ngày {day}{why}", f"the calendar changed on {day}{why}")
    if event.act == "resume":
        return pair(
            f"tiếp tục từ {day}: số ngày còn lại khi tạm dừng được giữ nguyên",
            f"resumed on {day}: the days left when it was suspended are kept",
        )
    if obligation.kind is not ObligationKind.DELIVER:
        return None
    return pair(f"người quyết định nêu ngày, {day}{why}", f"a person named the day, on {day}{why}")


def _delivery(directive: Directive, policy: Policy) -> Texts:
    if directive.rhythm is not None:
        return pair(f"nhịp báo cáo {directive.rhythm}", f"the rhythm {directive.rhythm}")
    said = f" (“{directive.due_text}”)" if directive.due_text else ""
    if directive.due_is_express:
        return pair(
            f"kết luận nêu đích danh ngày này{said}: giữ nguyên, kể cả khi là ngày nghỉ",
            f"the conclusion names this very day{said}: it stays, closed or not",
        )
    if policy.deadline_law:
        return pair(
            f"Bộ luật Dân sự 2015, Điều 147 và 148{said}: ngày bắt đầu không tính, hạn rơi vào ngày nghỉ thì sang ngày làm việc kế tiếp",
            f"Civil Code 2015, Articles 147 and 148{said}: the first day is not counted, a closed last day moves to the next working day",
        )
    return pair(f"tính từ nội dung kết luận{said}", f"computed from the conclusion's words{said}")
