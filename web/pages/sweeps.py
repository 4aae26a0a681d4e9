"""`/luot-quet`: what each night did, what was sent and why, what was not and why, what comes tonight."""

from datetime import date

from fastapi import APIRouter
from starlette.responses import Response

from web.menu import oversees
from web.refusals import NoSuchPage
from web.visit import Posted, Signed, Visit
from workflow import audit
from workflow.models.message import MessageStatus
from workflow.models.notice import NoticeStatus
from workflow.models.person import Role
from workflow.models.sweep_run import SweepRun
from workflow.reasons import why
from workflow.simulate import simulate
from workflow.store import sweeps, tellings
from workflow.sweep.run import release
from workflow.views import nights, silence
from workflow.words import MESSAGES, NOTICES, notice_title

router = APIRouter()
NIGHTS = 30
SHOWN = 200


@router.get("/luot-quet")
def last_night(visit: Signed) -> Response:
    _only_overseers(visit)
    runs = sweeps.recent(visit.db, visit.me, limit=NIGHTS)
    if not runs:
        return visit.page("sweeps_none.html", next_night=sweeps.next_night(visit.db, visit.today))
    return _page(visit, runs[0], runs)


@router.get("/luot-quet/dem-nay")
def tonight(visit: Signed) -> Response:
    """The next night, played by the same engine in a copy; nothing is written or sent."""
    _only_overseers(visit)
    night = sweeps.next_night(visit.db, visit.today)
    planned = [mail for _, mails in simulate(visit.db, night, night) for mail in mails]
    return visit.page(
        "tonight.html", night=night, mails=planned[:SHOWN], total=len(planned), titles=NOTICES,
        is_open=visit.rules.calendar.is_open(night),
    )  # fmt: skip


@router.get("/luot-quet/{night}")
def one_night(visit: Signed, night: date) -> Response:
    _only_overseers(visit)
    run = sweeps.get(visit.db, visit.me, night=night)
    return _page(visit, run, sweeps.recent(visit.db, visit.me, limit=NIGHTS))


@router.post("/luot-quet/{night}/cho-gui")
def release_held(visit: Signed, night: date, _form: Posted) -> Response:
    """Let a night over the cap go out: the administrator's word, journalled."""
    _only_overseers(visit)
    visit.only_for(Role.ADMINISTRATOR)
    sweeps.get(visit.db, visit.me, night=night)
    with visit.acting() as desk:
        released = release(desk.db, night, desk.now)
        audit.record(
            desk.db, desk.actor, "sweep.release", at=desk.now, on=desk.today,
            reason=night.isoformat(), detail={"messages": released},
        )  # fmt: skip
    return visit.see_other(
        f"/luot-quet/{night}", f"Đã cho gửi {released} thư.", f"{released} mails released."
    )


def _page(visit: Visit, run: SweepRun, runs: list[SweepRun]) -> Response:
    calendar = visit.rules.policy.counted(visit.rules.calendar)
    told = tellings.of_run(visit.db, visit.me, run.id)
    sent = [(line, why(line, calendar)) for line in told if line.status is NoticeStatus.WANTED]
    unsent = [(line, why(line, calendar)) for line in told if line.status is not NoticeStatus.WANTED]
    is_latest = run.night_on == runs[0].night_on
    quiet = (
        silence.silent(visit.db, visit.me, run, visit.rules.calendar, visit.rules.policies)
        if is_latest
        else None
    )
    statuses = sweeps.messages_by_status(visit.db, run)
    return visit.page(
        "sweep.html",
        run=run,
        strip=nights.strip(visit.db, runs),
        sent=sent[:SHOWN],
        sent_total=len(sent),
        unsent=unsent[:SHOWN],
        unsent_total=len(unsent),
        quiet=quiet,
        handed_over=statuses.get(MessageStatus.HANDED_OVER, 0),
        mails=sum(statuses.values()),
        failed=sum(statuses.get(one, 0) for one in nights.FAILED),
        waiting=statuses.get(MessageStatus.PENDING, 0) + statuses.get(MessageStatus.SENDING, 0),
        message_words={status.value: words for status, words in MESSAGES.items()},
        failed_words=[one.value for one in nights.FAILED],
        notice_title=notice_title,
        may_release=visit.me.role is Role.ADMINISTRATOR,
        is_latest=is_latest,
    )


def _only_overseers(visit: Visit) -> None:
    """Certificates count what no agency may count."""
    if not oversees(visit.me):
        raise NoSuchPage
