"""`/nhiem-vu/{code}/cong-van`: letters to draft for signing, and the signed copies that came back."""

from io import BytesIO
from urllib.parse import quote

from fastapi import APIRouter
from starlette.responses import Response

from config import attachments
from reports import asked, letters
from web.files import checked
from web.form import Form
from web.refusals import NoSuchPage
from web.visit import Posted, Signed, Visit
from workflow import letters as acts
from workflow.access import roles_in
from workflow.drafts import DRAFTING_ROLES
from workflow.errors import InputWrong, WorkflowError
from workflow.letters import LETTERS, LEVELS, LetterKind
from workflow.models.directive import Directive
from workflow.store import directives

router = APIRouter()


@router.get("/nhiem-vu/{code}/cong-van")
def letter_page(visit: Signed, code: str) -> Response:
    return _page(visit, _theirs(visit, code))


@router.post("/nhiem-vu/{code}/cong-van")
def draft_letter(visit: Signed, code: str, form: Posted) -> Response:
    """The draft as a file: the system sends it to nobody."""
    directive = _theirs(visit, code)
    office = asked.office(visit.db, visit.site.settings, form.text("profile") or None)
    try:
        kind = _kind(form)
        with visit.acting() as desk:
            acts.draft(desk, code, kind)
            made = letters.letter(desk.db, desk.actor, code, kind, office, desk.today)
    except WorkflowError as refusal:
        return _page(visit, directive, refusal)
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(made.name)}"}
    return Response(made.content, media_type=made.media_type, headers=headers)


@router.post("/nhiem-vu/{code}/cong-van/ban-ky")
def keep_signed(visit: Signed, code: str, form: Posted) -> Response:
    directive = _theirs(visit, code)
    home = visit.site.settings.home
    kept: str | None = None
    try:
        kind, upload = _kind(form), next((one for one in form.uploads if one.field == "scan"), None)
        signed_on = form.day("signed_on")
        if upload is None or signed_on is None:
            raise InputWrong(field="scan", value="", why=NEEDED)
        checked(upload)
        scan = attachments.keep(home, upload.name, BytesIO(upload.content))
        kept = scan.stored_as
        with visit.acting() as desk:
            acts.attach_signed(desk, code, kind, form.text("number"), signed_on, scan)
    except WorkflowError as refusal:
        if kept is not None:
            attachments.forget(home, kept)
        return _page(visit, directive, refusal)
    return visit.see_other(f"/nhiem-vu/{quote(code, safe='')}", "Đã lưu bản ký.", "The signed copy was kept.")


def _page(visit: Visit, directive: Directive, refusal: WorkflowError | None = None) -> Response:
    on = acts.basis(visit.db, directive)
    return visit.page(
        "letters.html", refusal.http_status if refusal else 200, directive=directive, kinds=LETTERS, levels=LEVELS,
        possible=acts.possible(on), level=on.level, refusal=refusal, profile=asked.head(visit.db, visit.site.settings).layout,
    )  # fmt: skip


def _theirs(visit: Visit, code: str) -> Directive:
    """Drafting is the delegation's; for others there is no such page."""
    directive = directives.get(visit.db, visit.me, code)
    if not roles_in(visit.db, visit.me, directive) & {*DRAFTING_ROLES, "administrator"}:
        raise NoSuchPage
    return directive


def _kind(form: Form) -> LetterKind:
    word = form.text("kind")
    if word not in list(LetterKind):
        raise InputWrong(field="kind", value=word, why={"vi": "Chọn một loại.", "en": "Choose a kind."})
    return LetterKind(word)


NEEDED = {"vi": "Cần tệp bản ký và ngày ký.", "en": "The scan and the day of signature are needed."}
