"""What administrators are told about the installation itself: one event, in their words, with its remedy."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from notifications import rule_incidents
from notifications.kinds import MailKind
from notifications.payload import Letter, Locale, Operations
from workflow.models.event import Event
from workflow.models.person import Person, Role


@dataclass(frozen=True)
class House:
    """`name` is the body the installation serves."""

    name: str
    base_url: str
    contact: str
    zone: ZoneInfo


def letter(event: Event, person: Person, house: House, today: date) -> Letter:
    locale: Locale = "en" if person.locale == "en" else "vi"
    return Letter(
        kind=MailKind.OPERATIONS,
        locale=locale,
        today=today,
        recipient_name=person.name,
        recipient_title=TITLE[locale] if person.role is Role.ADMINISTRATOR else None,
        delegation_name=house.name,
        supervision_code="dondoc",
        subject="",
        answer_url=f"{house.base_url}{PAGES.get(event.act, '/quan-tri')}",
        list_url=f"{house.base_url}{PAGES.get(event.act, '/quan-tri')}",
        contact=house.contact,
        needs_login=True,
        operations=READERS[event.act](event, house.zone)[locale],
    )


TITLE: dict[Locale, str] = {"vi": "Quản trị hệ thống", "en": "System administrator"}
PAGES = {"mailbox.dead": "/hop-thu"}  # secretaries mend addresses too, and administer nothing
Told = dict[Locale, Operations]


def _restored(event: Event, zone: ZoneInfo) -> Told:
    since = datetime.fromisoformat((event.detail or {})["since_at"]).astimezone(zone)
    start, end, why = f"{since:%H:%M, %d/%m/%Y}", f"{event.at.astimezone(zone):%H:%M, %d/%m/%Y}", event.reason
    return {
        "vi": Operations(
            "Kênh gửi thư hoạt động trở lại",
            f"Kênh đã dừng từ {start} đến {end}. Máy chủ thư trả lời: {why}",
            "Không mất thư nào; thư chờ trong thời gian đó đang được gửi.",
            "dondoc message channel",
        ),
        "en": Operations(
            "The mail channel works again",
            f"It was stopped from {start} to {end}. The relay had said: {why}",
            "Nothing was lost; what waited is being sent.",
            "dondoc message channel",
        ),
    }


def _dead_address(event: Event, _: ZoneInfo) -> Told:
    email = (event.detail or {})["email"]
    command = f"dondoc agency contact edit {email} --email"
    return {
        "vi": Operations(
            "01 địa chỉ không nhận được thư",
            f"{email}: {event.reason}",
            "Thư tới địa chỉ này; thư sau gửi tới người kế tiếp của cơ quan cho đến khi địa chỉ được sửa.",
            f"{command} ĐỊA_CHỈ_MỚI",
        ),
        "en": Operations(
            "1 address rejected",
            f"{email}: {event.reason}",
            "What was addressed to it; the next person of the body is told until it is corrected.",
            f"{command} NEW_ADDRESS",
        ),
    }


def _missing_night(event: Event, _: ZoneInfo) -> Told:
    night = date.fromisoformat(event.reason or "")
    day, command = f"{night:%d/%m/%Y}", f"dondoc sweep run --date {night:%d/%m/%Y}"
    return {
        "vi": Operations(
            f"Lượt quét {day} chưa chạy",
            "Đã quá giờ báo động mà đêm này chưa được quét.",
            "Thư nhắc và báo cáo cấp của đêm này.",
            command,
        ),
        "en": Operations(
            f"Sweep of {day} has not run",
            "The hour of the alarm has passed and the night was not swept.",
            "Reminders and escalations of this night.",
            command,
        ),
    }


READERS: dict[str, Callable[[Event, ZoneInfo], Told]] = {
    "channel.restore": _restored,
    "mailbox.dead": _dead_address,
    "night.missing": _missing_night,
    "ledger.differs": rule_incidents.ledger_differs,
    "calendar.unconfirmed": rule_incidents.year_unconfirmed,
}
