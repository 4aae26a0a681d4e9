"""`/bao-cao`: choose, look, download; and the list behind every figure."""

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import quote, urlencode

from fastapi import APIRouter
from starlette.responses import Response

from reports import asked, printed
from reports.bundle import check_may_inspect
from reports.contents import report
from reports.document import Report
from reports.making import make
from reports.request import KINDS, PROFILES, REGISTER_ONLY, Format, ReportKind
from web.refusals import NoSuchPage
from web.visit import Signed, Visit
from workflow import report_schedules
from workflow.access import Actor
from workflow.errors import RoleNotAllowed, WorkflowError
from workflow.figures import bodies, listing
from workflow.figures.cells import TITLES, cells_of, title_of
from workflow.figures.rules import rules_on
from workflow.views import choices

router = APIRouter()
SHOWN = 60
PAGE = 50
NAMES = (
    "report",
    "profile",
    "as_of",
    "since",
    "basis",
    "agency",
    "supervision",
    "programme",
    "urgency",
    "month",
)
OF_LIST = {"as_of": "den-ngay", "since": "tu-ngay", "basis": "theo"}


@router.get("/bao-cao")
def report_page(visit: Signed) -> Response:
    given = visit.request.query_params
    try:
        kind = asked.kind(given.get("report"))
        wanted = asked.wanted(kind, given.get, visit.today, visit.look.locale)
        made = _preview(report(visit.db, visit.me, wanted, visit.today))
    except WorkflowError as refusal:
        return _page(visit, ReportKind.WEEKLY, None, refusal)
    return _page(visit, kind, made, None)


def _page(visit: Visit, kind: ReportKind, made: Report | None, refusal: WorkflowError | None) -> Response:
    given = visit.request.query_params
    formats = [one for one in Format if kind is ReportKind.REGISTER or one not in REGISTER_ONLY]
    chosen = {name: given[name] for name in NAMES if given.get(name)}
    return visit.page(
        "reports.html",
        refusal.http_status if refusal else 200,
        kinds=KINDS,
        kind=kind,
        profiles=PROFILES,
        profile=given.get("profile") or asked.head(visit.db, visit.site.settings).layout,
        given=given,
        made=made,
        refusal=refusal,
        files=[
            (one, f"/bao-cao/tep?{urlencode({**chosen, 'report': kind.value, 'format': one.value})}")
            for one in formats
        ],
        agencies=choices.agencies(visit.db, visit.me),
        supervisions=choices.supervisions(visit.db, visit.me),
        may_schedule=_may(report_schedules.check_may_schedule, visit),
        may_inspect=_may(check_may_inspect, visit),
        upper=printed.upper,
        lower=printed.lower,
        text_of=printed.said,
    )


def _may(check: Callable[[Actor], None], visit: Visit) -> bool:
    try:
        check(visit.me)
    except RoleNotAllowed:
        return False
    return True


def _preview(made: Report) -> Report:
    """The first rows of each table; the files hold all."""
    return replace(made, tables=tuple(replace(one, rows=list(one.rows[:SHOWN])) for one in made.tables))


@router.get("/bao-cao/tep")
def report_file(visit: Signed) -> Response:
    given = visit.request.query_params
    visit.site.limit("report", visit.me.name)
    wanted = asked.wanted(asked.kind(given.get("report")), given.get, visit.today, visit.look.locale)
    body = bodies.body_of(visit.db, visit.me, wanted.scope.supervision)
    office = asked.office(visit.db, visit.site.settings, given.get("profile"), body)
    made = make(visit.db, visit.me, wanted, asked.format_(given.get("format")), office, visit.now)
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(made.name)}"}
    return Response(made.content, media_type=made.media_type, headers=headers)


@router.get("/bao-cao/danh-sach")
def figure_list(visit: Signed) -> Response:
    """As many rows as the figure that led here."""
    name = visit.request.query_params.get("muc", "")
    cells = cells_of(name)
    if not cells:
        raise NoSuchPage
    scope = asked.wanted(ReportKind.REGISTER, _of_list(visit), visit.today, visit.look.locale).scope
    bodies.check_known(visit.db, visit.me, scope)
    rules = rules_on(visit.db, scope.on, visit.today)
    rows = listing.rows(visit.db, visit.me, rules, scope, cells)
    page = max(1, _number(visit.request.query_params.get("trang")))
    return visit.page(
        "figure_list.html",
        title=title_of(name),
        scope=scope,
        rows=rows[(page - 1) * PAGE : page * PAGE],
        total=len(rows),
        narrowed=scope.narrowed(),
        before=_turned(visit, page - 1) if page > 1 else None,
        after=_turned(visit, page + 1) if page * PAGE < len(rows) else None,
        titles=TITLES,
        rules=rules,
    )


def _of_list(visit: Visit) -> Callable[[str], str | None]:
    given = visit.request.query_params
    return lambda name: given.get(OF_LIST.get(name, name))


def _turned(visit: Visit, page: int) -> str:
    return f"/bao-cao/danh-sach?{urlencode({**visit.request.query_params, 'trang': page})}"


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 7 else 1
