"""Is the installation doing its work? The same facts for the pages, for machines, and for whoever watches from outside."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlmodel import Session, col

from config.settings import Settings
from notifications import identity
from notifications.identity import Muted
from tasks import nights
from workflow import sending
from workflow.models.heartbeat import Heartbeat
from workflow.models.message import Message
from workflow.models.sweep_run import SweepRun, SweepStatus
from workflow.outbox import OPEN
from workflow.words import Texts

MAIL_LATE = timedelta(minutes=15)
SILENT = timedelta(minutes=3)


@dataclass(frozen=True)
class Trouble:
    """`name` is stable; the text says what is wrong and what to do."""

    name: str
    said: Texts


def troubles(db: Session, settings: Settings, now: datetime, real_now: datetime) -> list[Trouble]:
    """Nothing, when all is well. A new installation owes no night, and what never beat is not silent."""
    return [
        *_muted(db, settings), *_night(db, settings, now), *_certificate(db), *_late_mail(db, now),
        *_silence(db, real_now),
    ]  # fmt: skip


def _muted(db: Session, settings: Settings) -> Iterator[Trouble]:
    try:
        identity.check(db, settings.home)
    except Muted as refusal:
        yield Trouble("muted", {locale: refusal.text(locale) for locale in ("vi", "en")})


def _night(db: Session, settings: Settings, now: datetime) -> Iterator[Trouble]:
    night = nights.last_night_due(settings, now, nights.ALARM_AFTER)
    first = db.scalar(select(func.min(col(SweepRun.night_on))))
    if first is None or night < first or nights.is_covered(db, night):
        return
    yield Trouble(
        "night_missing",
        {
            "vi": f"Đêm {night:%d/%m/%Y} chưa được quét: chưa ai được nhắc việc của đêm đó. Chạy: dondoc sweep run.",
            "en": f"The night of {night:%d/%m/%Y} was not swept: nobody was reminded. Run: dondoc sweep run.",
        },
    )


def _certificate(db: Session) -> Iterator[Trouble]:
    done = col(SweepRun.status) == SweepStatus.COMPLETED
    last = db.scalar(select(SweepRun).where(done).order_by(col(SweepRun.night_on).desc()).limit(1))
    if last is None:
        return
    night = f"{last.night_on:%d/%m/%Y}"
    if last.open_count != last.looked_at_count:
        seen = f"{last.looked_at_count}/{last.open_count}"
        yield Trouble(
            "not_all_looked_at",
            {
                "vi": f"Đêm {night} chỉ xét {seen} nghĩa vụ đang mở. Xem: dondoc sweep show {night}.",
                "en": f"The night of {night} looked at {seen} open obligations. See: dondoc sweep show {night}.",
            },
        )
    if last.held_count:
        yield Trouble(
            "held",
            {
                "vi": f"{last.held_count} thư của đêm {night} bị giữ vì quá mức trần. Cho gửi: dondoc sweep resume --over-cap.",
                "en": f"{last.held_count} mails of {night} are held over the cap. Release: dondoc sweep resume --over-cap.",
            },
        )


def _late_mail(db: Session, now: datetime) -> Iterator[Trouble]:
    """By the moment it should have left, not by a retry that was put off; a pause by hand is no trouble."""
    if sending.paused(db) is not None:
        return
    late = (col(Message.status).in_(OPEN), col(Message.not_before_at) < now - MAIL_LATE)
    count = db.scalar(select(func.count()).select_from(Message).where(*late)) or 0
    if count:
        yield Trouble(
            "mail_late",
            {
                "vi": f"{count} thư chờ gửi quá 15 phút. Xem: dondoc message channel, dondoc doctor.",
                "en": f"{count} mails have waited for more than 15 minutes. See: dondoc message channel, dondoc doctor.",
            },
        )


def _silence(db: Session, real_now: datetime) -> Iterator[Trouble]:
    """One process beats: the clock, or the worker that carries it. The newest beat is that of today's."""
    beat = db.scalar(select(Heartbeat).order_by(col(Heartbeat.at).desc()).limit(1))
    if beat is not None and real_now - beat.at > SILENT:
        minutes = int((real_now - beat.at).total_seconds() // 60)
        yield Trouble(
            "silent",
            {
                "vi": f"Tiến trình {beat.name} im lặng {minutes} phút. Khởi động lại: dondoc {beat.name}.",
                "en": f"The {beat.name} process has been silent for {minutes} minutes. Start it: dondoc {beat.name}.",
            },
        )
