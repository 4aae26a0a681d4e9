"""Why a step was not told on a night: the one reason that decides, in both languages."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from workflow.calendar import WorkingCalendar
from workflow.ladder import Step
from workflow.ledger import Stretch
from workflow.models.obligation import ObligationStatus
from workflow.words import Texts, pair

Said = tuple[str, Texts]


@dataclass(frozen=True)
class Silence:
    """What the question needs to know. `ends_at`: when the day is over. `swept`: the nights on which this obligation's policy could speak."""

    night: date
    ends_at: datetime
    calendar: WorkingCalendar
    stretch: Stretch
    met_on: date | None
    level: int
    settled_on: date | None
    swept: tuple[date, ...]
    awaits_review: bool
    wanted_on: date | None

    def moved(self, step: Step) -> Texts | None:
        """A holiday or an exchanged day put the step on another day than weekends alone would."""
        ordinary = self.calendar.ordinary.shift(self.stretch.due_on, step.offset)
        if ordinary == step.on:
            return None
        between = self.calendar.days(min(ordinary, step.on), max(ordinary, step.on))
        listed = [note.name for note in between if note.kind not in ("working", "weekend")]
        names = {locale: ", ".join(dict.fromkeys(name[locale] for name in listed)) for locale in ("vi", "en")}
        return pair(
            f"dời từ {ordinary:%d/%m/%Y} sang {step.on:%d/%m/%Y} ({names['vi'] or 'ngày nghỉ lễ'})",
            f"moved from {ordinary:%d/%m/%Y} to {step.on:%d/%m/%Y} ({names['en'] or 'holidays'})",
        )


def silence(step: Step, asked: Silence) -> Said:
    for reason in REASONS:
        said = reason(step, asked)
        if said is not None:
            return said
    return "before_tracking", pair(
        "trước khi hạn này được theo dõi", "before this due date was kept track of"
    )


def _paused(_step: Step, asked: Silence) -> Said | None:
    if asked.stretch.status is ObligationStatus.PAUSED:
        return "paused", pair("đang tạm dừng", "suspended")
    return None


def _settled(_step: Step, asked: Silence) -> Said | None:
    if asked.stretch.status is ObligationStatus.RUNNING:
        return None
    if asked.awaits_review:
        return "awaits_review", pair(
            "đã báo cáo, chờ đoàn giám sát duyệt", "reported, waits for the reviewer"
        )
    day = f"{asked.met_on:%d/%m/%Y}" if asked.met_on else "-"
    if asked.stretch.status is ObligationStatus.MET:
        return "settled", pair(f"không cần: xong ngày {day}", f"not needed: settled on {day}")
    return "settled", pair(f"không còn hiệu lực từ {day}", f"void since {day}")


def _not_applicable(step: Step, _asked: Silence) -> Said | None:
    return ("not_applicable", step.reason) if step.reason is not None else None


def _not_yet(step: Step, asked: Silence) -> Said | None:
    if step.on <= asked.night:
        return None
    day = f"{step.on:%d/%m/%Y}"
    ordinary = asked.calendar.ordinary.shift(asked.stretch.due_on, step.offset)
    if ordinary <= asked.night and (moved := asked.moved(step)) is not None:
        return "moved", moved
    if asked.wanted_on is not None:
        wanted = f"{asked.wanted_on:%d/%m/%Y}"
        return "extension_pending", pair(
            f"chưa đến {day}; đang xin gia hạn đến {wanted}, chưa quyết định",
            f"not before {day}; an extension to {wanted} is asked for and not decided",
        )
    return "not_yet", pair(f"chưa đến: {day}", f"not yet: {day}")


def _unswept(step: Step, asked: Silence) -> Said | None:
    """Whatever is due waits for the next night that can speak, however long we are down."""
    if any(night >= step.on for night in asked.swept):
        return None
    if step.level is not None and step.level.level > asked.level + 1:
        return None
    return "no_sweep", pair("chưa có lượt quét nào từ ngày đó", "no sweep has run since that day")


def _below(step: Step, asked: Silence) -> Said | None:
    if step.level is None or step.level.level <= asked.level:
        return None
    if step.level.level > asked.level + 1:
        return "waits", pair(
            "chờ cấp dưới lên trước: mỗi lần một cấp", "waits for the level below: one at a time"
        )
    if asked.level and asked.settled_on is None:
        return "waits", pair("chờ thư của cấp dưới được gửi đi", "waits until the level below has been told")
    return "waits", pair("chờ đủ khoảng cách sau cấp dưới", "waits for its gap after the level below")


REASONS: tuple[Callable[[Step, Silence], Said | None], ...] = (
    _paused,
    _settled,
    _not_applicable,
    _not_yet,
    _unswept,
    _below,
)
