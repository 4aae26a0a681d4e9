"""Scheduled reports: made for each reader as they may see it, put into the outbox with the file inside."""

import hashlib
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from sqlalchemy import Engine
from sqlmodel import Session

from config.database import writing
from config.settings import Settings
from notifications.links import unsubscribe_url
from notifications.packing import Sender
from reports import asked
from reports.making import MadeFile, make
from reports.request import KINDS, Format, ReportKind, Wanted
from workflow import refusals, report_schedules
from workflow.access import SYSTEM, person_as_actor
from workflow.bundles import USE_WITHIN
from workflow.desk import Desk
from workflow.errors import WorkflowError
from workflow.figures.scope import Scope
from workflow.kinds import NoticeKind
from workflow.models.message import Message, MessageStatus
from workflow.models.notice import Notice
from workflow.models.person import Person
from workflow.models.refusal import Refusable
from workflow.models.report_schedule import ReportSchedule

KIND = NoticeKind.WEEKLY


def deliver_due(engine: Engine, settings: Settings, sender: Sender, at: datetime) -> int:
    """How many mails were put into the outbox; twice on one day writes nothing."""
    with writing(engine) as db:
        desk = Desk(db, SYSTEM, at)
        return sum(
            _deliver(desk, schedule, settings, sender) for schedule in report_schedules.due(db, desk.today)
        )


def _deliver(desk: Desk, schedule: ReportSchedule, settings: Settings, sender: Sender) -> int:
    """Figures of the evening before, so that they do not depend on the hour."""
    told: dict[str, str] = {}
    for person in report_schedules.recipients(desk.db, schedule):
        if not report_schedules.can_be_told(person) or Refusable.REPORTS in refusals.refused(desk.db, person):
            continue
        try:
            made = _made(desk, schedule, person, settings)
        except WorkflowError as refusal:  # what this reader may not know; the others get theirs
            told[person.email] = refusal.code
            continue
        _post(desk.db, schedule, person, made, sender, desk)
        told[person.email] = hashlib.sha256(made.content).hexdigest()
    report_schedules.delivered(desk, schedule, told)
    return len(told)


def _made(desk: Desk, schedule: ReportSchedule, person: Person, settings: Settings) -> MadeFile:
    scope = Scope(desk.today - timedelta(days=1), **schedule.scope)
    wanted = Wanted(ReportKind(schedule.kind), scope, "en" if person.locale == "en" else "vi")
    office = asked.office(desk.db, settings, schedule.profile)
    return make(desk.db, person_as_actor(desk.db, person), wanted, Format(schedule.format), office, desk.now)


def _post(
    db: Session, schedule: ReportSchedule, person: Person, made: MadeFile, sender: Sender, desk: Desk
) -> None:
    key = f"R:{schedule.id}:{desk.today.isoformat()}:{person.id}"
    header_id = f"<{key.lower().replace(':', '.')}@{sender.host}>"
    mail = _mail(schedule, person, made, sender, desk.now, header_id)
    may_leave = sender.may_reach(person.email)
    db.add(
        Notice(
            key=key,
            kind=KIND.value,
            severity=KIND.severity,
            person_id=person.id,
            night_on=desk.today,
            bundle=key,
        )
    )
    db.add(
        Message(
            key=key, person_id=person.id, kind=KIND.value, night_on=desk.today, created_at=desk.now,
            not_before_at=desk.now, next_attempt_at=desk.now, use_by_at=desk.now + USE_WITHIN,
            status=MessageStatus.PENDING if may_leave else MessageStatus.HELD,
            reason=None if may_leave else "not_on_allow_list", header_id=header_id, address=person.email,
            subject=str(mail["Subject"]), mime=sender.signed(mail.as_bytes(policy=SMTP)),
        )
    )  # fmt: skip


def _mail(
    schedule: ReportSchedule, person: Person, made: MadeFile, sender: Sender, at: datetime, header_id: str
) -> EmailMessage:
    english = person.locale == "en"
    title = KINDS[ReportKind(schedule.kind)]["en" if english else "vi"]
    mail = EmailMessage(policy=SMTP)
    mail["From"] = sender.mail_from
    mail["To"] = person.email
    mail["Subject"] = f"[{'Report' if english else 'Báo cáo'}] {title}: {made.name}"
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = header_id
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail["X-Dondoc-Ly-Do"] = "bao-cao"
    stop = _stop(sender, person)
    if stop is not None:
        mail["List-Unsubscribe"] = f"<{stop}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(_words(english, title, sender.site.base_url, stop))
    main, _, sub = made.media_type.partition(";")[0].partition("/")
    mail.add_attachment(made.content, maintype=main, subtype=sub, filename=made.name)
    return mail


def _stop(sender: Sender, person: Person) -> str | None:
    """Where the reader says that no more should come."""
    if not sender.site.link_keys:
        return None
    token = refusals.token(sender.site.link_keys[0], person, Refusable.REPORTS)
    return unsubscribe_url(sender.site.base_url, token)


def _words(english: bool, title: str, base_url: str, stop: str | None) -> str:
    said = _said(english, title, base_url)
    if stop is None:
        return said
    return (
        said
        + ("\nNo more of these reports: " if english else "\nThôi nhận báo cáo theo lịch: ")
        + f"{stop}\n"
    )


def _said(english: bool, title: str, base_url: str) -> str:
    if english:
        return (
            f"The report “{title}” is attached, with the figures you may see.\n"
            f"Every figure leads to its list at {base_url}/bao-cao.\n\n"
            "You get this because a schedule of the delegation names you.\n"
        )
    return (
        f"Kính gửi đồng chí báo cáo “{title}” trong tệp kèm theo, theo phạm vi đồng chí được xem.\n"
        f"Mỗi số liệu dẫn về danh sách của nó tại {base_url}/bao-cao.\n\n"
        "Thư này được gửi theo lịch báo cáo của Đoàn giám sát.\n\nTrân trọng./.\n"
    )
