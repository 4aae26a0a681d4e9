"""Is the installation doing its work? The same facts for the pages, for machines, and for whoever watches from outside."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from config.settings import Settings
from notifications import identity
from notifications.identity import Muted
from tasks import nights
from workflow.models.channel_stop import ChannelStop
from workflow.models.heartbeat import Heartbeat
from workflow.models.instance import Instance
from workflow.models.message import OPEN, Message
from workflow.models.pause import SendingPause
from workflow.models.sweep_run import SweepRun, SweepStatus
from workflow.words import Texts

MAIL_LATE = timedelta(minutes=15)
SILENT = timedelta(minutes=3)


@dataclass(frozen=True)
class Trouble:
    """`name` is stable; the text says what is wrong and what to do."""

    name: str
    said: Texts


@dataclass(frozen=True)
class House:
    """What every page of those who oversee shows of the whole installation; read in one question.

    `last` is the last night that was completed, `beat` the newest sign of life, `late_mails` those that
    should have left a quarter of an hour ago.
    """

    stop: ChannelStop | None
    pause: SendingPause | None
    words: str | None
    beat: Heartbeat | None
    last: SweepRun | None
    first_night: date | None
    late_mails: int


def house(db: Session, now: datetime) -> House:
    done = col(SweepRun.status) == SweepStatus.COMPLETED
    last = select(col(SweepRun.id)).where(done).order_by(col(SweepRun.night_on).desc()).limit(1)
    beat = select(col(Heartbeat.name)).order_by(col(Heartbeat.at).desc()).limit(1)
    # By the moment it should have left, not by a retry that was put off.
    late = (OPEN, col(Message.not_before_at) < now - MAIL_LATE)
    late_mails = select(func.count()).select_from(Message).where(*late)
    one = select(func.min(col(SweepRun.night_on)).label("first_night")).subquery("one")
    columns: tuple[Any, ...] = (ChannelStop, SendingPause, col(Instance.identity), Heartbeat, SweepRun)
    query = (
        select(*columns, one.c.first_night, late_mails.scalar_subquery())
        .select_from(one)
        .outerjoin(ChannelStop, col(ChannelStop.name) == "mail")
        .outerjoin(SendingPause, col(SendingPause.name) == "sending")
        .outerjoin(Instance, col(Instance.name) == "instance")
        .outerjoin(Heartbeat, col(Heartbeat.name) == beat.scalar_subquery())
        .outerjoin(SweepRun, col(SweepRun.id) == last.scalar_subquery())
    )
    return House(*db.execute(query).one())


def troubles(db: Session, settings: Settings, now: datetime, real_now: datetime) -> list[Trouble]:
    """Nothing, when all is well. A new installation owes no night, and what never beat is not silent."""
    return troubles_of(house(db, now), db, settings, now, real_now)


def troubles_of(
    house: House, db: Session, settings: Settings, now: datetime, real_now: datetime
) -> list[Trouble]:
    return [
        *_muted(house, db, settings), *_night(house, settings, now), *_certificate(house), *_late_mail(house),
        *_silence(house, real_now),
    ]  # fmt: skip


def _muted(house: House, db: Session, settings: Settings) -> Iterator[Trouble]:
    try:
        identity.check_words(db, house.words, settings.home)
    except Muted as refusal:
        yield Trouble("muted", {locale: refusal.text(locale) for locale in ("vi", "en")})


def _night(house: House, settings: Settings, now: datetime) -> Iterator[Trouble]:
    night = nights.last_night_due(settings, now, nights.ALARM_AFTER)
    first, last = house.first_night, house.last
    if first is None or night < first or (last is not None and last.night_on >= night):
        return
    yield Trouble(
        "night_missing",
        {
            "vi": f"Đêm {night:%d/%m/%Y} chưa được quét: chưa ai được nhắc việc của đêm đó. Chạy: dondoc sweep run.",
            "en": f"The night of {night:%d/%m/%Y} was not swept: nobody was reminded. Run: dondoc sweep run.",
        },
    )


def _certificate(house: House) -> Iterator[Trouble]:
    last = house.last
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


def _late_mail(house: House) -> Iterator[Trouble]:
    """A pause by hand is no trouble."""
    count = 0 if house.pause else house.late_mails
    if count:
        yield Trouble(
            "mail_late",
            {
                "vi": f"{count} thư chờ gửi quá 15 phút. Xem: dondoc message channel, dondoc doctor.",
                "en": f"{count} mails have waited for more than 15 minutes. See: dondoc message channel, dondoc doctor.",
            },
        )


def _silence(house: House, real_now: datetime) -> Iterator[Trouble]:
    """One process beats: the clock, or the worker that carries it. The newest beat is that of today's."""
    beat = house.beat
    if beat is not None and real_now - beat.at > SILENT:
        minutes = int((real_now - beat.at).total_seconds() // 60)
        yield Trouble(
            "silent",
            {
                "vi": f"Tiến trình {beat.name} im lặng {minutes} phút. Khởi động lại: dondoc {beat.name}.",
                "en": f"The {beat.name} process has been silent for {minutes} minutes. Start it: dondoc {beat.name}.",
            },
        )
