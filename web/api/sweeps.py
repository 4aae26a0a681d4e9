"""The nights the system looked at everything."""

from datetime import date, datetime
from functools import partial
from itertools import islice
from typing import Annotated, Any

from fastapi import Query
from pydantic import BaseModel, Field
from starlette.responses import Response

from config.database import writing
from notifications import identity
from tasks.nights import checked_night
from web.api.acting import act
from web.api.caller import AdminWriter, Limit, MailWriter, Reader, only_administrator
from web.api.noun import noun
from web.api.strict import Given
from web.menu import oversees
from web.refusals import NoSuchPage
from web.visit import Visit
from workflow import audit, sending
from workflow.desk import Desk
from workflow.models.message import MessageStatus
from workflow.models.pause import SendingPause
from workflow.models.sweep_run import SweepRun, SweepStatus
from workflow.quiet import quiet
from workflow.reasons import why
from workflow.simulate import simulate
from workflow.store import directives, sweeps, tellings
from workflow.store.tellings import Telling
from workflow.sweep.run import release
from workflow.sweep.run import sweep as run_sweep
from workflow.words import Texts, pair

router = noun("sweeps")
MOST = 500
Day = Annotated[date | None, Query()]


class Run(BaseModel):
    """`open` = `looked_at` is the proof that nothing was passed over."""

    night: date
    since: date
    status: SweepStatus
    told: bool
    open: int
    looked_at: int
    notices: int
    messages: int
    held: int
    completed_at: datetime | None
    seconds: float


class Runs(BaseModel):
    rows: list[Run]


class Line(BaseModel):
    """One person told, or not, and why."""

    directive: str | None
    kind: str
    status: str
    recipient: str | None
    organization: str | None
    due_on: date | None
    rung: int | None
    level: int | None
    why: dict[str, str]


class Silent(BaseModel):
    directive: str
    obligation: str
    due_on: date
    why: dict[str, str]


class Certificate(Run):
    """`lines` and `quiet` are cut at 500; `lines_total` counts all. `quiet` speaks of the latest night only."""

    by_status: dict[MessageStatus, int]
    lines: list[Line]
    lines_total: int
    quiet: list[Silent]


class Mail(BaseModel):
    """`lines`: of the directives the caller may know."""

    recipient: str
    kind: str
    lines: list[dict[str, Any]]


class Tonight(BaseModel):
    night: date
    is_open: bool
    total: int
    mails: list[Mail]


class Released(BaseModel):
    messages: int


class RunWanted(Given):
    """Nothing given: the night that is due."""

    night: date | None = None


class PauseWanted(Given):
    reason: str = Field(min_length=1, max_length=2_000)


class Sending(BaseModel):
    paused: bool
    since: datetime | None
    reason: str | None


@router.get("/sweeps")
def sweep_list(visit: Reader, limit: Limit = 30, before: Day = None) -> Runs:
    """Newest first; `before` is the last night of the page before."""
    rows = sweeps.recent(visit.db, visit.me, limit=limit, before=before)
    return Runs(rows=[_run(one) for one in rows])


@router.get("/sweeps/tonight")
def tonight(visit: Reader) -> Tonight:
    """The next night, played by the same engine in a copy; nothing is written or sent."""
    _only_overseers(visit)
    night = sweeps.next_night(visit.db, visit.today)
    known = directives.codes(visit.db, visit.me)
    planned = [mail for _, mails in simulate(visit.db, night, night) for mail in mails]
    shown = [
        (mail, lines)
        for mail in planned
        if (lines := [one for one in mail.lines if one["directive"] in known])
    ]
    return Tonight(
        night=night,
        is_open=visit.rules.calendar.is_open(night),
        total=len(shown),
        mails=[Mail(recipient=mail.recipient, kind=mail.kind, lines=lines) for mail, lines in shown[:MOST]],
    )


@router.get("/sweeps/{night}")
def sweep(visit: Reader, night: date) -> Certificate:
    """The certificate of one night: told and why, not told and why."""
    run = sweeps.get(visit.db, visit.me, night=night)
    calendar = visit.rules.policy.counted(visit.rules.calendar)
    told = tellings.of_run(visit.db, visit.me, run.id)
    is_latest = run.night_on == sweeps.recent(visit.db, visit.me, limit=1)[0].night_on
    silent = islice(quiet(visit.db, visit.me, run), MOST) if is_latest else ()
    return Certificate(
        **_run(run).model_dump(),
        by_status=sweeps.messages_by_status(visit.db, run),
        lines=[_line(line, why(line, calendar)) for line in told[:MOST]],
        lines_total=len(told),
        quiet=[
            Silent(directive=one.code, obligation=one.obligation, due_on=one.due_on, why=dict(one.why))
            for one in silent
        ],
    )


@router.post("/sweeps", status_code=201, response_model=Run)
def run_night(visit: AdminWriter, wanted: RunWanted) -> Run:
    """Sweep a night now. Run again it tells nobody twice: the answer is the certificate that stands."""
    only_administrator(visit, pair("chạy lượt quét", "run the sweep"))
    site = visit.site
    identity.check(visit.db, site.settings.home)
    night = checked_night(site.settings, site.now(), wanted.night)
    visit.db.rollback()
    return _run(run_sweep(partial(writing, site.engine), night, site.now()))


@router.post("/sweeps/{night}/release", response_model=Released)
def release_held(visit: AdminWriter, night: date) -> Response:
    """Let a night over the cap go out: the administrator's word, journalled."""
    only_administrator(visit, pair("cho gửi", "release"))
    sweeps.get(visit.db, visit.me, night=night)

    def work(desk: Desk) -> Released:
        released = release(desk.db, night, desk.now)
        audit.record(
            desk.db, desk.actor, "sweep.release", at=desk.now, on=desk.today,
            reason=night.isoformat(), detail={"messages": released},
        )  # fmt: skip
        return Released(messages=released)

    return act(visit, work)


@router.get("/sending")
def sending_state(visit: Reader) -> Sending:
    """Whether all mail is stopped, since when and why."""
    _only_overseers(visit)
    return _sending(sending.paused(visit.db))


@router.post("/sending/pause", response_model=Sending)
def pause(visit: MailWriter, wanted: PauseWanted) -> Response:
    """All mail stops at once; nothing is lost."""
    only_administrator(visit, pair("dừng gửi thư", "stop sending"))
    return act(visit, lambda desk: _sending(sending.pause(desk, wanted.reason)))


@router.post("/sending/unpause", response_model=Sending)
def unpause(visit: MailWriter) -> Response:
    """Mail goes again; what waited gets its time back."""
    only_administrator(visit, pair("cho gửi thư", "start sending"))

    def work(desk: Desk) -> Sending:
        sending.unpause(desk)
        return _sending(None)

    return act(visit, work)


def _run(one: SweepRun) -> Run:
    return Run(
        night=one.night_on, since=one.since_on, status=one.status, told=one.told, open=one.open_count,
        looked_at=one.looked_at_count, notices=one.notice_count, messages=one.message_count, held=one.held_count,
        completed_at=one.completed_at, seconds=one.seconds,
    )  # fmt: skip


def _line(line: Telling, said: Texts) -> Line:
    return Line(
        directive=line.code, kind=line.kind, status=line.status, recipient=line.email,
        organization=line.organization, due_on=line.due_on, rung=line.rung, level=line.level, why=dict(said),
    )  # fmt: skip


def _sending(row: SendingPause | None) -> Sending:
    return Sending(
        paused=row is not None, since=row.since_at if row else None, reason=row.reason if row else None
    )


def _only_overseers(visit: Visit) -> None:
    """Certificates count what no agency may count."""
    if not oversees(visit.me):
        raise NoSuchPage
