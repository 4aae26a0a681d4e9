"""`/quan-tri/mau-thu`: the words of mails, edited with a preview, proved before they are in force."""

from fastapi import APIRouter
from starlette.responses import HTMLResponse, Response

from notifications import editing, wording
from notifications.kinds import MailKind
from notifications.proof import concerned
from web.form import Form
from web.pages.mailbox import SANDBOX
from web.visit import Posted, Signed, Visit
from workflow import mail_templates
from workflow.errors import WorkflowError
from workflow.kinds import NoticeKind
from workflow.models.person import Role
from workflow.words import NOTICES, pair

router = APIRouter()
PAGE = "/quan-tri/mau-thu"
BARE = pair("Thư không nội dung (nhiệm vụ mật)", "Bare mail (secret directives)")
PARTS = {
    "subject.txt": pair("Tiêu đề", "Subject"),
    "body.txt": pair("Bản chữ và các câu", "Text part and sentences"),
    "body.html": pair("Bản HTML", "HTML part"),
}
SHARED = {
    "base.txt": pair("Khung bản chữ", "Frame of the text part"),
    "base.html": pair("Khung bản HTML", "Frame of the HTML part"),
    "vi/words.txt": pair("Từ ngữ dùng chung, tiếng Việt", "Shared words, Vietnamese"),
    "en/words.txt": pair("Từ ngữ dùng chung, tiếng Anh", "Shared words, English"),
}


@router.get(PAGE)
def templates_page(visit: Signed) -> Response:
    visit.only_for(Role.ADMINISTRATOR)
    kinds = {kind.value: NOTICES[NoticeKind(kind.value)] for kind in MailKind} | {"bare": BARE}
    return visit.page(
        "mail_templates.html",
        kinds=kinds,
        parts=PARTS,
        shared=SHARED,
        active=mail_templates.active(visit.db),
        total=len(wording.paths()),
    )


@router.get(f"{PAGE}/sua")
def edit_page(visit: Signed, mau: str = "") -> Response:
    visit.only_for(Role.ADMINISTRATOR)
    if not mau:
        return visit.see_other(PAGE)
    name = editing.known(mau)
    row = mail_templates.active(visit.db).get(name)
    return _edit(visit, name, row.source if row else wording.shipped_source(name))


@router.post(f"{PAGE}/sua")
def change(visit: Signed, form: Posted) -> Response:
    """`check` proves the text, `publish` puts it in force, `revert` takes the edits back."""
    visit.only_for(Role.ADMINISTRATOR)
    name, source = editing.known(form.text("mau")), _source(form)
    try:
        if form.text("act") == "revert":
            with visit.acting() as desk:
                editing.revert(desk, name, form.number("number"))
            return visit.see_other(PAGE, "Đã khôi phục mẫu thư.", "The edits were taken back.")
        if form.text("act") != "publish":
            editing.check(editing.sources(mail_templates.active(visit.db)), name, source)
            return _edit(visit, name, source, checked=True)
        with visit.acting() as desk:
            editing.publish(desk, name, source)
    except WorkflowError as refusal:
        return _edit(visit, name, source, refusal)
    return visit.see_other(
        PAGE, "Đã ban hành mẫu thư; thư sau theo bản này.", "In force from the next mail on."
    )


@router.post(f"{PAGE}/xem")
def preview(visit: Signed, form: Posted) -> Response:
    """One sample in the words of the form, in a frame that can run and load nothing; nothing is kept."""
    visit.only_for(Role.ADMINISTRATOR)
    name = editing.known(form.text("mau"))
    active = editing.sources(mail_templates.active(visit.db))
    proof = editing.prove(active, name, _source(form), form.text("sample"))
    page = visit.html("mail_preview.html", proof=proof)
    return HTMLResponse(page, headers={"Content-Security-Policy": SANDBOX})


def _source(form: Form) -> str:
    return form.values.get("source", [""])[0].replace("\r\n", "\n")


def _edit(
    visit: Visit, name: str, source: str, refusal: WorkflowError | None = None, *, checked: bool = False
) -> Response:
    return visit.page(
        "mail_template.html",
        refusal.http_status if refusal else 200,
        name=name,
        source=source,
        refusal=refusal,
        checked=checked,
        versions=mail_templates.versions(visit.db, name),
        difference=editing.difference(name, source),
        samples=list(concerned(name)),
    )
