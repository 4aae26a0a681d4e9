"""Directives as the caller may see them, and their moves."""

from datetime import date
from typing import Annotated, Any

from fastapi import Path, Query
from starlette.responses import FileResponse, Response

from config import attachments
from web.api.acting import act
from web.api.caller import DirectiveWriter, Reader
from web.api.directive_shapes import (
    Act,
    AskedExtension,
    File,
    ListWanted,
    Moved,
    MoveWanted,
    Owed,
    PossibleMove,
    Row,
    Rows,
    Whole,
)
from web.api.files import kept
from web.api.noun import CARRIES_FILES, noun
from web.refusals import NoSuchPage
from web.visit import Visit
from workflow.desk import Desk
from workflow.errors import MoveNotAllowed, RoleNotAllowed
from workflow.inputs import Evidence, Inputs
from workflow.models.directive import Directive
from workflow.plan import explain
from workflow.possible import Possible, possible_moves
from workflow.store import directives, events, obligations
from workflow.why import Hindsight

router = noun("directives")
Code = Annotated[str, Path(max_length=40)]


@router.get("/directives")
def directive_list(
    visit: Reader,
    wanted: Annotated[ListWanted, Query()],
) -> Rows:
    """Rows in the order asked for; `after` of one page is the cursor of the next."""
    as_of, narrowed = visit.rules.as_of, wanted.as_filter()
    page = directives.page(
        visit.db, visit.me, as_of, narrowed, sort=wanted.sort, limit=wanted.limit, after=wanted.after
    )
    counts = directives.counts(visit.db, visit.me, as_of, narrowed)
    return Rows(
        total=sum(counts.values()), rows=[Row.model_validate(row) for row in page.rows], after=page.after
    )


@router.get("/directives/{code}")
def directive(visit: Reader, code: Code) -> Whole:
    """Everything about one: facts, moves, obligations, files, history."""
    found = directives.get(visit.db, visit.me, code)
    row = Row.model_validate(directives.row(visit.db, visit.me, visit.rules.as_of, code))
    return Whole(
        **row.model_dump(),
        text=found.text, quote=found.quote, product=found.product, version=found.version,
        issued_on=found.issued_on, closed_on=found.closed_on,
        coordinating=[body.code for body in directives.coordinating(visit.db, found)],
        extensions=[AskedExtension.model_validate(one) for one in obligations.extensions(visit.db, found)],
        moves=_moves(visit, found),
        obligations=_owed(visit, found),
        files=[File.model_validate(one) for one in events.files_of(visit.db, found)],
        events=_events(visit, found),
    )  # fmt: skip


@router.get("/directives/{code}/history")
def history(visit: Reader, code: Code) -> list[Act]:
    """Every act on it, oldest first."""
    return _events(visit, directives.get(visit.db, visit.me, code))


@router.get("/directives/{code}/obligations")
def owed(visit: Reader, code: Code) -> list[Owed]:
    """Who owes which act to whom by which day."""
    return _owed(visit, directives.get(visit.db, visit.me, code))


@router.get("/directives/{code}/moves")
def moves(visit: Reader, code: Code) -> list[PossibleMove]:
    """What the lifecycle allows now, and whether the caller may."""
    return _moves(visit, directives.get(visit.db, visit.me, code))


@router.get("/directives/{code}/explain")
def explained(visit: Reader, code: Code, on: date | None = None) -> dict[str, Any]:
    """Why this date, why this mail, why none: each day counted or skipped, each step and its fate."""
    found = directives.get(visit.db, visit.me, code)
    return explain(visit.db, found, on or visit.today).as_json()


@router.get("/directives/{code}/nights/{night}")
def night_of(visit: Reader, code: Code, night: date) -> list[dict[str, Any]]:
    """Every rung and level of every obligation on one night: told, to whom, by which mail; or why not."""
    found = directives.get(visit.db, visit.me, code)
    return [of.as_json() for of in Hindsight(visit.db, found).night(night)]


@router.post("/directives/{code}/moves", status_code=201, response_model=Moved, openapi_extra=CARRIES_FILES)
def make_move(visit: DirectiveWriter, code: Code, wanted: MoveWanted) -> Response:
    """All of it happens, mails included, or nothing."""
    directives.get(visit.db, visit.me, code)
    with kept(visit.site.settings.home, wanted.files) as files:
        given = _inputs(wanted, files)

        def work(desk: Desk) -> Moved:
            event = desk.move(code, wanted.move, given, version=wanted.version)
            return Moved(**Act.model_validate(event).model_dump(), version=desk.locked(code).version)

        try:
            return act(visit, work, 201)
        except (MoveNotAllowed, RoleNotAllowed):
            visit.request.state.moves = [one.move for one in _moves(visit, _again(visit, code)) if one.may]
            raise


@router.get("/directives/{code}/files/{file_id}", response_class=FileResponse)
def evidence_file(visit: Reader, code: Code, file_id: Annotated[int, Path(ge=1, le=2**53)]) -> Response:
    """Always a download, of the type we found, never something a browser would run."""
    found = directives.get(visit.db, visit.me, code)
    file = next((one for one in events.files_of(visit.db, found) if one.id == file_id), None)
    path = attachments.folder(visit.site.settings.home) / file.stored_as if file else None
    if file is None or path is None or not path.is_file():
        raise NoSuchPage
    return FileResponse(path, media_type="application/octet-stream", filename=file.name)


def _again(visit: Visit, code: str) -> Directive:
    """Read anew: the act was refused in a transaction of its own."""
    return directives.get(visit.db, visit.me, code)


def _inputs(wanted: MoveWanted, files: tuple[Evidence, ...]) -> Inputs:
    words = (Evidence(wanted.proof),) if wanted.proof else ()
    return Inputs(
        reason=wanted.reason, text=wanted.text, due_on=wanted.due_on, resume_on=wanted.resume_on, lead=wanted.lead,
        coordinating=None if wanted.coordinating is None else tuple(wanted.coordinating),
        evidence=(*files, *words),
    )  # fmt: skip


def _moves(visit: Visit, found: Directive) -> list[PossibleMove]:
    return [_move(one) for one in possible_moves(visit.db, visit.me, found)]


def _move(one: Possible) -> PossibleMove:
    move = one.move
    return PossibleMove(
        move=move.name, title=dict(move.title), by=list(move.by), requires=list(move.requires), may=one.may
    )


def _owed(visit: Visit, found: Directive) -> list[Owed]:
    return [_obligation(one) for one in obligations.of_directive(visit.db, found)]


def _obligation(one: obligations.Owed) -> Owed:
    row = one.obligation
    return Owed(
        kind=row.kind, status=row.status, owed_by=one.by, owed_to=one.to, opened_on=row.opened_on,
        due_on=row.due_on, original_due_on=row.original_due_on, level=row.level, met_on=row.met_on,
    )  # fmt: skip


def _events(visit: Visit, found: Directive) -> list[Act]:
    return [Act.model_validate(one) for one in events.of_directive(visit.db, found)]
