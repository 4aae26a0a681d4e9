"""`/t/{token}`: an agency answers from a mail, without an account. Opening an address changes nothing."""

from typing import ClassVar
from urllib.parse import quote

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from notifications import identity
from web import answer_keys, moves
from web.answer_files import AnswerFiles
from web.answer_keys import WHOLE_LINK, FormKey
from web.answer_view import Desk, directive_page, list_page
from web.form import Form
from web.public_route import LIMITED, READING, PublicRoute, Sent
from web.told_steps import ASKED, wanted_days
from web.visit import Anybody
from workflow import link_answers
from workflow.errors import InputMissing, WorkflowError
from workflow.link_answers import CodeNeeded, Said, Signature
from workflow.links import LinkUnknown
from workflow.models.link import LinkAnswer
from workflow.words import pair

router = APIRouter(route_class=PublicRoute, dependencies=LIMITED)
MOST_AT_ONCE = 200


class NothingTicked(WorkflowError):
    sentences: ClassVar[dict[str, str]] = {
        "vi": "Chọn ít nhất một nhiệm vụ.",
        "en": "Choose one directive at least.",
    }
    http_status = 422


@router.api_route("/t/{token}", methods=READING)
def link_page(visit: Anybody, token: str) -> Response:
    desk = Desk.of(visit, token)
    if not desk.shown:
        return desk.page("answer_code.html", refusal=None, sent=False)
    return list_page(desk) if len(desk.opened.directives) > 1 else directive_page(desk, desk.shown[0])


@router.api_route("/t/{token}/nv/{code}", methods=READING)
def directive(visit: Anybody, token: str, code: str) -> Response:
    desk = Desk.of(visit, token)
    found = desk.opened.directive(code)
    if found not in desk.shown:
        return desk.page("answer_code.html", refusal=None, sent=False)
    return directive_page(desk, found)


@router.post("/t/{token}/nv/{code}")
def answer(visit: Anybody, token: str, code: str, form: Sent) -> Response:
    """One answer. Refused: the same page with everything that was typed and every file."""
    key = answer_keys.read_form_key(visit.site, token, code, form.text("form_key"))
    desk, move = Desk.of(visit, token), form.text("move")
    found = desk.opened.directive(code)
    files = AnswerFiles(visit.site, desk.opened.link.id, form, move)
    try:
        _check_chosen(move, code)
        files.keep()
        inputs = moves.read_inputs(form, move, files.evidence)
        given = _give(desk, form, key, [Said(code, move, key.due_version, inputs)], files)
    except (CodeNeeded, LinkUnknown):
        files.forget()
        raise
    except WorkflowError as refusal:
        return directive_page(Desk.of(visit, token), found, form, refusal, files.hold())
    except BaseException:
        files.forget()
        raise
    return _to_receipt(token, given)


@router.post("/t/{token}")
def acknowledge_all(visit: Anybody, token: str, form: Sent) -> Response:
    """Receipt of several directives in one step: each is an act of its own, all of them happen or none."""
    key = answer_keys.read_form_key(visit.site, token, WHOLE_LINK, form.text("form_key"))
    desk = Desk.of(visit, token)
    try:
        said = _ticked(form)
        given = _give(desk, form, key, said, AnswerFiles(visit.site, desk.opened.link.id, form, ""))
    except (CodeNeeded, LinkUnknown):
        raise
    except WorkflowError as refusal:
        return list_page(Desk.of(visit, token), form, refusal)
    return _to_receipt(token, given)


@router.api_route("/t/{token}/bien-nhan/{number}", methods=READING)
def receipt(visit: Anybody, token: str, number: int) -> Response:
    desk = Desk.of(visit, token)
    found = link_answers.receipt(visit.db, desk.opened, number)
    if any(part.directive not in desk.shown for part in found.parts):
        return desk.page("answer_code.html", refusal=None, sent=False)
    wanted = {
        part.event.id: wanted_days(visit.db, part.directive.id).get((part.event.on, part.event.reason or ""))
        for part in found.parts
        if part.event.act == ASKED
    }
    return desk.page("answer_receipt.html", receipt=found, wanted=wanted)


def _give(desk: Desk, form: Form, key: FormKey, said: list[Said], files: AnswerFiles) -> LinkAnswer:
    """In one transaction with the files; the same form a second time adds nothing."""
    visit, signature = desk.visit, Signature(form.text("name"), form.text("post"))
    before = link_answers.given_before(visit.db, desk.token, key.once, signature, said)
    if before is not None:
        files.forget()
        return before
    with files.taken(), visit.writing() as db:
        identity.check(db, visit.site.settings.home)
        return link_answers.answer(
            db, desk.token, key.once, signature, said, visit.site.now(), proven=desk.proven
        )


def _check_chosen(move: str, code: str) -> None:
    if not move:
        raise InputMissing(field=CHOICE, move=ANSWER, code=code)


def _ticked(form: Form) -> list[Said]:
    said = [_acknowledged(value) for value in form.texts("directive")[:MOST_AT_ONCE]]
    if not said:
        raise NothingTicked
    return said


def _acknowledged(value: str) -> Said:
    """A ticked box says which directive, and which due date its reader saw."""
    code, _, version = value.rpartition(":")
    if not version.isdecimal() or len(version) > 8:
        raise LinkUnknown
    return Said(code, "acknowledge", int(version), moves.read_inputs(Form(), "acknowledge", ()))


def _to_receipt(token: str, given: LinkAnswer) -> Response:
    return RedirectResponse(f"/t/{quote(token, safe='')}/bien-nhan/{given.id}", 303)


CHOICE = pair("nội dung trả lời", "what you answer")
ANSWER = pair("gửi trả lời", "answer")
