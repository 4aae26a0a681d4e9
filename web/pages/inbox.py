"""`/hop-thu`: received mail that waits for a person, addresses that return mail, what came lately."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Path
from starlette.responses import Response

from config import received
from notifications import matching
from web.field_names import in_words
from web.form import Form
from web.visit import Posted, Signed, Visit
from workflow import inbox, register, resend
from workflow.errors import WorkflowError
from workflow.inbound_words import OUTCOMES, REASONS
from workflow.models.inbound import InboundOutcome
from workflow.models.person import Person, Role
from workflow.received_mail import MailForgotten
from workflow.register import PersonChange
from workflow.store import inbound, messages
from workflow.store.inbound import Row

router = APIRouter()
WAITING, LATELY = 50, 30
Number = Annotated[int, Path(ge=1, le=2**53)]
FINAL = tuple(one for one in InboundOutcome if one is not InboundOutcome.HELD)
DONE = {
    True: ("Đã lưu thư vào hồ sơ {code}.", "The mail is filed with {code}."),
    False: ("Đã ghép thư vào {code}.", "The mail is matched to {code}."),
}


@dataclass(frozen=True)
class Stray:
    """A held mail beside its likely directive; `acts`: matching it makes the move it asks for."""

    row: Row
    acts: bool


@dataclass(frozen=True)
class Refused:
    """What somebody tried with one mail, and the sentence that refused it."""

    mail_id: int
    sentence: str
    typed: Form


@dataclass(frozen=True)
class NotCorrected:
    """The mail that came back, why its address was not changed, and what was typed."""

    message_id: int
    refusal: WorkflowError
    typed: str


@router.get("/hop-thu")
def inbox_page(visit: Signed) -> Response:
    return _page(visit)


@router.get("/hop-thu/{number}/nguyen-thu")
def raw(visit: Signed, number: Number) -> Response:
    """The mail as it came, to be opened in a mail program and never in this browser."""
    mail = inbound.get(visit.db, visit.me, number).mail
    try:
        data = received.read(visit.site.settings.home, mail.stored_as)
    except FileNotFoundError:
        raise MailForgotten(id=number) from None
    headers = {
        "Content-Disposition": f'attachment; filename="thu-{number}.eml"',
        "X-Content-Type-Options": "nosniff",
    }
    return Response(data, media_type="application/octet-stream", headers=headers)


@router.post("/hop-thu/{number}/ghep")
def match(visit: Signed, number: Number, form: Posted) -> Response:
    inbound.get(visit.db, visit.me, number)
    code = form.text("code").upper()
    try:
        with visit.acting() as desk:
            home, only_file = visit.site.settings.home, form.text("act") == "file"
            event = matching.match(desk, home, number, code, only_file=only_file)
    except WorkflowError as refusal:
        return _page(visit, Refused(number, in_words(refusal, visit.look.locale), form))
    vi, en = DONE[event.act == "mail.filed"]
    return visit.see_other("/hop-thu", vi.format(code=code), en.format(code=code))


@router.post("/hop-thu/{number}/bo")
def discard(visit: Signed, number: Number, form: Posted) -> Response:
    inbound.get(visit.db, visit.me, number)
    try:
        with visit.acting() as desk:
            inbox.discard(desk, number, form.text("reason"))
    except WorkflowError as refusal:
        return _page(visit, Refused(number, in_words(refusal, visit.look.locale), form))
    return visit.see_other("/hop-thu", "Đã bỏ thư.", "The mail was put away.")


@router.post("/hop-thu/gui-lai/{number}")
def send_again(visit: Signed, number: Number, form: Posted) -> Response:
    """A mail that came back, to the corrected address; the correction may come along."""
    inbound.check_sorts(visit.me)
    if form.text("email"):
        return _corrected(visit, number, form)
    with visit.acting() as desk:
        resend.resend(desk, number)
    return visit.see_other("/hop-thu", "Thư đã trở lại hàng chờ gửi.", "The mail waits to be sent again.")


def _corrected(visit: Visit, number: int, form: Form) -> Response:
    message = messages.get(visit.db, visit.me, number).message
    was = visit.db.get_one(Person, message.person_id).email
    try:
        visit.check_proved()
        with visit.acting() as desk:
            register.edit_contact(desk, was, PersonChange(email=form.text("email")))
            resend.resend(desk, number)
    except WorkflowError as refusal:
        return _page(visit, NotCorrected(number, refusal, form.text("email")))
    return visit.see_other(
        "/hop-thu", "Đã sửa địa chỉ; thư trở lại hàng chờ gửi.", "The address is corrected; the mail waits."
    )


def _page(visit: Visit, refused: Refused | NotCorrected | None = None) -> Response:
    db, me = visit.db, visit.me
    waiting = inbound.page(db, me, (InboundOutcome.HELD,), limit=WAITING, newest=False)
    counts = inbound.counts(db, me)
    return visit.page(
        "inbox.html",
        422 if refused else 200,
        strays=[Stray(row, matching.does(db, row.mail, row.directive)) for row in waiting],
        total=counts.get(InboundOutcome.HELD, 0),
        counts={one: number for one, number in counts.items() if one is not InboundOutcome.HELD},
        returning=inbound.returning(db, me),
        lately=inbound.page(db, me, FINAL, limit=LATELY),
        outcomes=OUTCOMES,
        reasons=REASONS,
        intents=INTENTS,
        refused=refused if isinstance(refused, Refused) else None,
        not_corrected=refused if isinstance(refused, NotCorrected) else None,
        may_resend=me.role is Role.ADMINISTRATOR,
        is_answered_by_mail=visit.site.settings.reply_address is not None,
    )


INTENTS = {
    "acknowledge": {"vi": "Đã nhận", "en": "Acknowledges"},
    "progress": {"vi": "Tiến độ", "en": "Progress"},
    "done": {"vi": "Hoàn thành", "en": "Done"},
    "extension": {"vi": "Gia hạn", "en": "Extension"},
    "not_ours": {"vi": "Không thuộc thẩm quyền", "en": "Not our remit"},
}
