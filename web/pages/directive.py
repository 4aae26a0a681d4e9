"""`/nhiem-vu/{code}`: one directive, the decision that waits, and every move this person may make."""

from itertools import groupby
from urllib.parse import quote

from fastapi import APIRouter
from starlette.responses import FileResponse, Response

from config import attachments
from web import moves
from web.form import Form
from web.menu import oversees
from web.refusals import NoSuchPage
from web.told_steps import titles_of, told
from web.visit import Posted, Signed, Visit
from workflow.errors import ChangedMeanwhile, InputMissing, WorkflowError
from workflow.inputs import Evidence
from workflow.possible import possible_moves
from workflow.rhythm_words import rhythm_in_words
from workflow.store import directives, events, obligations
from workflow.urgency import URGENCIES
from workflow.views import choices
from workflow.views.sheet import Step, find, sheet

router = APIRouter()


@router.get("/nhiem-vu/{code}")
def directive_page(visit: Signed, code: str) -> Response:
    return _page(visit, code)


@router.post("/nhiem-vu/{code}")
def make_move(visit: Signed, code: str, form: Posted) -> Response:
    """One move. Refused: the same page with everything that was typed, and why."""
    home, name = visit.site.settings.home, form.text("move")
    evidence: tuple[Evidence, ...] = ()
    try:
        _check_chosen(name, code)
        directives.get(visit.db, visit.me, code)
        evidence = moves.kept_evidence(form, name, home)
        inputs = moves.read_inputs(form, name, evidence)
        with visit.acting() as desk:
            desk.move(code, name, inputs, version=form.number("version"))
    except WorkflowError as refusal:
        moves.forget(home, evidence)
        if refusal.http_status == 404:
            raise
        return _page(visit, code, form, refusal)
    except BaseException:
        moves.forget(home, evidence)
        raise
    return visit.see_other(
        _address(code),
        "Đã ghi. Thư liên quan được gửi ngay.",
        "Saved. The mails it calls for are on their way.",
    )


@router.get("/nhiem-vu/{code}/tep/{file_id}")
def evidence_file(visit: Signed, code: str, file_id: int) -> Response:
    """Always a download, of the type we found, never something a browser would run."""
    directive = directives.get(visit.db, visit.me, code)
    file = next((one for one in events.files_of(visit.db, directive) if one.id == file_id), None)
    if file is None:
        raise NoSuchPage
    path = attachments.folder(visit.site.settings.home) / file.stored_as
    if not path.is_file():
        raise NoSuchPage
    return FileResponse(path, media_type="application/octet-stream", filename=file.name)


def _page(
    visit: Visit, code: str, typed: Form | None = None, refusal: WorkflowError | None = None
) -> Response:
    db, me, rules = visit.db, visit.me, visit.rules
    around = find(db, me, code)
    directive = around.directive
    pinned = rules.of_directive(directive.lifecycle_id)
    titles = titles_of(pinned.moves)
    found = sheet(db, me, around, rules, titles)
    steps = told(db, directive.id, found.steps, titles)
    asked = obligations.asked_extension(db, directive) if found.is_asked else None
    desk = moves.desk_of(possible_moves(db, me, directive), directive, asked, typed)
    needs_agencies = any(
        field.kind.startswith("agenc") for one in (*desk.first, *desk.other) for field in one.fields
    )
    return visit.page(
        "directive.html",
        refusal.http_status if refusal else 200,
        urgencies=URGENCIES,
        row=directives.row(db, me, rules.as_of, code),
        sheet=found,
        directive=directive,
        desk=desk,
        runs=_runs(steps),
        rhythm=rhythm_in_words(directive.rhythm) if directive.rhythm else None,
        asked=asked,
        extra_days=rules.as_of.calendar.count(asked.due_on, asked.wanted_on) if asked else 0,
        agencies=choices.all_agencies(db) if needs_agencies else [],
        chosen=typed.text("move") if typed else "",
        typed=typed,
        refusal=refusal,
        overtaken=isinstance(refusal, ChangedMeanwhile),
        theirs=_theirs(steps, refusal),
        mine=moves.typed_words(typed) if typed else [],
        may_oversee=oversees(me),
        version=directive.version,
        state=rules.as_of.states.get(directive.state, {"vi": directive.state, "en": directive.state}),
    )


def _runs(steps: list[Step]) -> list[list[Step]]:
    """Mails that went out one after another with no act between them make one entry; failed ones stand alone."""
    keys = ("mail" if step.at is None and not step.dot else number for number, step in enumerate(steps))
    paired = groupby(zip(keys, steps, strict=True), key=lambda pair: pair[0])
    return [[step for _key, step in run] for _key, run in paired]


def _theirs(steps: list[Step], refusal: WorkflowError | None) -> list[Step]:
    """What others did since the page was opened: as many acts as the version has grown."""
    if not isinstance(refusal, ChangedMeanwhile):
        return []
    since = int(str(refusal.facts["theirs"])) - int(str(refusal.facts["yours"]))
    return [step for step in steps if step.at is not None][: max(since, 1)]


def _check_chosen(name: str, code: str) -> None:
    if not name:
        raise InputMissing(field=CHOICE, move=ANSWER, code=code)


def _address(code: str) -> str:
    return f"/nhiem-vu/{quote(code, safe='')}"


CHOICE = {"vi": "việc cần làm", "en": "what to do"}
ANSWER = {"vi": "ghi", "en": "answer"}
