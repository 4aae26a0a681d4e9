"""`/chinh-sach/{which}/mo-phong`: two policies side by side over nights to come; nothing is written or sent."""

from datetime import date, timedelta

from fastapi import APIRouter
from starlette.responses import Response

from web.form import parse_day
from web.menu import oversees
from web.refusals import NoSuchPage
from web.visit import Signed, Visit
from workflow import contrast, rulebook
from workflow.errors import InputWrong
from workflow.models.rule_version import RuleKind, RuleVersion
from workflow.scenario import Answer, Scenario
from workflow.simulate import PlannedMail, simulate
from workflow.store import directives, rules

router = APIRouter()
LONGEST = timedelta(days=91)
USUAL = timedelta(days=29)
MOST_LINES = 200
MOST_LATE = 60


@router.get("/chinh-sach/{which}/mo-phong")
def simulation_page(visit: Signed, which: str) -> Response:
    """`tu`, `den`: the nights; `so`: the policy to hold against; `tra-loi`, `tre`: how soon people answer."""
    if not oversees(visit.me):
        raise NoSuchPage
    asked = visit.request.query_params
    try:
        (first, last), refusal = _period(visit, asked.get("tu"), asked.get("den")), None
    except InputWrong as wrong:
        (first, last), refusal = _period(visit, None, None), wrong
    ours = rules.find(visit.db, RuleKind.POLICY, which)
    other = _other(visit, ours, asked.get("so"))
    answer, late = _answers(asked.get("tra-loi"), asked.get("tre"))
    found = None
    if "tu" in asked and refusal is None:
        visit.site.limit("simulate", str(visit.me.person_id))
        theirs = _played(visit, first, last, Scenario(other.source, None, answer, late))
        mine = _played(visit, first, last, Scenario(ours.source, None, answer, late))
        found = contrast.contrast(theirs, mine)
    return visit.page(
        "simulation.html",
        refusal.http_status if refusal else 200,
        refusal=refusal,
        typed=asked if refusal else {},
        ours=ours,
        other=other,
        versions=rules.versions(visit.db, RuleKind.POLICY),
        first=first,
        last=last,
        answer=answer,
        late=late,
        found=found,
        nights=[first + timedelta(days=n) for n in range((last - first).days + 1)],
        most=max(
            [1, *(found.a.by_night.values() if found else ()), *(found.b.by_night.values() if found else ())]
        ),
        shown=MOST_LINES,
    )


def _period(visit: Visit, first: str | None, last: str | None) -> tuple[date, date]:
    calendar = visit.rules.calendar
    start = parse_day(first or "", "tu") or visit.today + timedelta(days=1)
    start = min(max(start, calendar.first), calendar.last - LONGEST)
    end = parse_day(last or "", "den") or start + USUAL
    return start, min(max(end, start), start + LONGEST)


def _other(visit: Visit, ours: RuleVersion, which: str | None) -> RuleVersion:
    """What is in force; for the version in force itself, the one published before it."""
    if which:
        return rules.find(visit.db, RuleKind.POLICY, which)
    active = rulebook.active(visit.db, RuleKind.POLICY)
    if active.id != ours.id:
        return active
    return next((one for one in rules.versions(visit.db, RuleKind.POLICY) if one.id != ours.id), ours)


def _answers(word: str | None, days: str | None) -> tuple[Answer, int]:
    answer = Answer(word) if word in set(Answer) else Answer.NEVER
    late = int(days) if days and days.isdecimal() else 3
    return answer, min(late, MOST_LATE)


def _played(visit: Visit, first: date, last: date, scenario: Scenario) -> list[PlannedMail]:
    known = directives.codes(visit.db, visit.me)
    mails: list[PlannedMail] = []
    for _, of_the_night in simulate(visit.db, first, last, scenario):
        mails += contrast.known_to(of_the_night, known)
    return mails
