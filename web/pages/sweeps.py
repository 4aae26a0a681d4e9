"""`/luot-quet`: what each night did, what was sent and why, what was not and why, what comes tonight."""

from datetime import date
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from config.database import writing
from notifications import identity
from web.menu import oversees
from web.refusals import NoSuchPage
from web.visit import Posted, Signed, Visit
from workflow import audit, sending
from workflow.models.message import MessageStatus
from workflow.models.notice import NoticeStatus
from workflow.models.person import Role
from workflow.models.sweep_run import SweepRun
from workflow.reasons import why
from workflow.simulate import simulate
from workflow.store import sweeps, tellings
from workflow.sweep.run import release, sweep
from workflow.views import nights, silence
from workflow.words import MESSAGES, NOTICES, notice_title

router = APIRouter()
NIGHTS = 30
SHOWN = 200


@router.get("/luot-quet")
def last_night(visit: Signed) -> Response:
    _only_overseers(visit)
    runs, strip = nights.recent(visit.db, visit.me, NIGHTS)
    if not runs:
        night = sweeps.next_night(visit.db, visit.today)
        return visit.page("sweeps_none.html", next_night=night, **_acts(visit, is_latest=True))
    return _page(visit, runs[0], strip)


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
    return _page(visit, run, nights.recent(visit.db, visit.me, NIGHTS)[1])


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


@router.post("/luot-quet/chay")
def run_now(visit: Signed, _form: Posted) -> Response:
    """The night that is due, by the same engine; running it twice writes nothing twice."""
    _only_overseers(visit)
    visit.only_for(Role.ADMINISTRATOR)
    night = sweeps.next_night(visit.db, visit.today)
    if night > visit.today:
        return visit.see_other("/luot-quet", "Đêm nay đã quét.", "This day's night was swept already.")
    identity.check(visit.db, visit.site.settings.home)
    visit.db.rollback()
    mails = sweep(lambda: writing(visit.site.engine), night, visit.now).message_count
    return visit.see_other(f"/luot-quet/{night}", f"Đã quét xong: {mails} thư.", f"Swept: {mails} mails.")


@router.post("/luot-quet/dung")
def hold_mails(visit: Signed, form: Posted) -> Response:
    """Stop all sending with a reason, or let it go on. Nothing is lost: mails wait."""
    _only_overseers(visit)
    visit.only_for(Role.ADMINISTRATOR)
    reason = form.text("reason")
    with visit.acting() as desk:
        if form.text("act") == "go":
            sending.unpause(desk)
        elif reason:
            sending.pause(desk, reason)
    if form.text("act") != "go" and not reason:
        return visit.see_other("/luot-quet", "Chưa dừng: cần ghi lý do.", "Not stopped: a reason is needed.")
    return visit.see_other("/luot-quet", "Đã ghi.", "Saved.")


def _page(visit: Visit, run: SweepRun, strip: list[nights.Bar]) -> Response:
    calendar = visit.rules.policy.counted(visit.rules.calendar)
    told = tellings.of_run(visit.db, visit.me, run.id)
    sent = [(line, why(line, calendar)) for line in told if line.status is NoticeStatus.WANTED]
    unsent = [(line, why(line, calendar)) for line in told if line.status is not NoticeStatus.WANTED]
    is_latest = run.night_on == strip[-1].night_on
    quiet = (
        silence.silent(visit.db, visit.me, run, visit.rules.calendar, visit.rules.policies)
        if is_latest
        else None
    )
    statuses = sweeps.messages_by_status(visit.db, run)
    return visit.page(
        "sweep.html",
        run=run,
        strip=strip,
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
        **_acts(visit, is_latest=is_latest),
        is_latest=is_latest,
    )


def _acts(visit: Visit, *, is_latest: bool) -> dict[str, Any]:
    """What an administrator may do here, and whether this day's night is still to be swept."""
    return {
        "may_release": visit.me.role is Role.ADMINISTRATOR,
        "pause": sending.paused(visit.db),
        "is_missing": is_latest and sweeps.next_night(visit.db, visit.today) <= visit.today,
    }


def _only_overseers(visit: Visit) -> None:
    """Certificates count what no agency may count."""
    if not oversees(visit.me):
        raise NoSuchPage
