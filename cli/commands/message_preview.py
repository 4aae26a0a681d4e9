"""dondoc message preview, test: how a mail reads, and whether the channel carries one."""

from dataclasses import replace
from typing import cast

import click
from sqlalchemy import select
from sqlmodel import Session, col

from cli.runtime import Runtime, pass_runtime
from cli.speech import Command
from notifications import outgoing, wording
from notifications.channels import Fate
from notifications.facts import Facts, Site
from notifications.kinds import MailKind
from notifications.outgoing import Fates
from notifications.payload import Letter, Locale
from notifications.rendering import Rendered, render
from notifications.samples import sample
from notifications.smtp import parse_channel
from workflow import addresses
from workflow.errors import NotFound, WorkflowError
from workflow.kinds import NoticeKind
from workflow.ladder import ObligationKind, Position
from workflow.models.directive import Directive
from workflow.models.event import Event
from workflow.models.message import Message
from workflow.models.notice import Notice
from workflow.models.obligation import Obligation, ObligationStatus
from workflow.models.person import Membership
from workflow.outbox import Claimed, Line
from workflow.store import directives

KINDS = click.Choice([kind.value for kind in MailKind])
LOCALES = click.Choice(["vi", "en"])


CLIMBED = (MailKind.ESCALATION, MailKind.ESCALATION_COPY, MailKind.OVERDUE)
TOLD_ACTS: dict[str, tuple[str, ...]] = {
    NoticeKind.ANSWERED: ("report", "contribute", "dispute", "request_extension"),
    NoticeKind.DISPUTE_REFUSED: ("keep",),
    MailKind.ISSUED: ("issue", "reassign"),
    MailKind.EXTENSION_DECISION: ("grant_extension", "refuse_extension"),
    MailKind.ACCEPTED: ("accept", "take_note"),
    MailKind.SENT_BACK: ("send_back", "reopen"),
    MailKind.RECEIPT: ("acknowledge", "progress", "report", "contribute", "dispute", "request_extension"),
    MailKind.REASSIGNED_OR_WITHDRAWN: ("reassign", "withdraw", "return_to_issuer", "close_not_done"),
    MailKind.SUSPENDED_OR_RESUMED: ("suspend", "resume"),
}
DELIVERY = (ObligationKind.DELIVER, ObligationKind.CONTRIBUTE)
TOLD_OBLIGATIONS: dict[MailKind, tuple[ObligationKind, ...]] = {
    MailKind.UNACKNOWLEDGED: (ObligationKind.ACKNOWLEDGE,),
    MailKind.REMINDER: DELIVERY,
    MailKind.DUE_TODAY: DELIVERY,
    MailKind.OVERDUE: DELIVERY,
    MailKind.ESCALATION: DELIVERY,
    MailKind.ESCALATION_COPY: DELIVERY,
    MailKind.REVIEW_LATE: (ObligationKind.REVIEW,),
    MailKind.DECISION_LATE: (ObligationKind.DECIDE,),
}


class NothingToSay(WorkflowError):
    """Nothing happened, and nothing runs, that this kind of mail would tell."""

    sentences = {
        "vi": "{code} chưa có gì để viết thư loại '{kind}'; bỏ mã để xem thư mẫu.",
        "en": "{code} has nothing yet for a mail of kind '{kind}'; leave the code out to see a sample.",
    }


class NotSent(WorkflowError):
    """The trial mail did not go; the relay's words say why."""

    sentences = {
        "vi": "{channel} không nhận thư: {response}. {meaning}",
        "en": "{channel} did not take the mail: {response}. {meaning}",
    }


class ChannelAway(NotSent):
    exit_code = 75


@click.command(cls=Command, help="Xem trước một loại thư; thêm mã để dùng số liệu thật / preview a mail.")
@click.argument("kind", type=KINDS)
@click.argument("code", required=False)
@click.option("--locale", type=LOCALES, help="Ngôn ngữ của thư / language of the mail.")
@click.option("--html", is_flag=True, help="Phần HTML / the HTML part.")
@click.option("--open", "opens", is_flag=True, help="Mở phần HTML trong trình duyệt / open it in a browser.")
@pass_runtime
def preview(
    runtime: Runtime, kind: str, code: str | None, locale: str | None, html: bool, opens: bool
) -> None:
    wanted, tongue = MailKind(kind), cast(Locale, locale or runtime.lang)
    if code is None:
        rendered = _written(runtime, sample(wanted, tongue))
    else:
        with runtime.reading() as db:
            rendered = wording.in_force(db).render(_real_letter(runtime, db, wanted, code, tongue))
    if opens:
        _open(runtime, wanted, rendered)
    else:
        _show(runtime, rendered, html=html)


def _written(runtime: Runtime, letter: Letter) -> Rendered:
    """In the words in force; in the shipped ones where there is no database yet."""
    try:
        with runtime.reading() as db:
            return wording.in_force(db).render(letter)
    except WorkflowError:
        return render(letter)


def _open(runtime: Runtime, kind: MailKind, rendered: Rendered) -> None:
    """Kept in the home folder under its kind: the next preview of that kind takes its place."""
    folder = runtime.settings.home / "previews"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{kind.value}.html"
    path.write_text(rendered.html, encoding="utf-8")
    runtime.say(f"Đã ghi {path}", f"Written to {path}")
    click.launch(path.as_uri())


def _show(runtime: Runtime, rendered: Rendered, *, html: bool) -> None:
    if html:
        click.echo(rendered.html)
        return
    click.echo(f"{runtime.text('Tiêu đề', 'Subject')}: {rendered.subject}\n")
    click.echo(rendered.text, nl=False)


def _real_letter(runtime: Runtime, db: Session, kind: MailKind, code: str, locale: Locale) -> Letter:
    """The letter as it would go today to the lead's contact, with the facts of this directive."""
    directive = directives.get(db, runtime.actor(db), code)
    event, obligation = _event(db, directive, kind), _obligation(db, directive, kind)
    if event is None and obligation is None:
        raise NothingToSay(code=code, kind=kind.value)
    today, now = runtime.today(db), runtime.now()
    notice = Notice(
        key="preview", kind=kind.value, severity=0, directive_id=directive.id, night_on=today,
        obligation_id=obligation.id if obligation else None, event_id=event.id if event else None,
        organization_id=directive.lead_id, due_on=directive.due_on, due_version=directive.due_version,
        level=(obligation.level or 1) if obligation and kind in CLIMBED else None,
    )  # fmt: skip
    message = Message(
        key="preview", person_id=_reader(db, directive), kind=kind.value, night_on=today,
        created_at=now, not_before_at=now, next_attempt_at=now, use_by_at=now,
    )  # fmt: skip
    claimed = Claimed(message, (Line(notice, directive, obligation),))
    site = Site(runtime.settings.base_url.rstrip("/"), runtime.settings.mail_from)
    return replace(Facts(db, [claimed], today, site, now).letter(claimed), locale=locale)


def _event(db: Session, directive: Directive, kind: MailKind) -> Event | None:
    """The latest act this kind of mail tells."""
    query = select(Event).where(
        col(Event.directive_id) == directive.id, col(Event.act).in_(TOLD_ACTS.get(kind, ()))
    )
    return db.scalar(query.order_by(col(Event.id).desc()).limit(1))


def _obligation(db: Session, directive: Directive, kind: MailKind) -> Obligation | None:
    """What still runs and would be told by this kind of mail."""
    query = select(Obligation).where(
        col(Obligation.directive_id) == directive.id,
        col(Obligation.status) == ObligationStatus.RUNNING,
        col(Obligation.kind).in_(TOLD_OBLIGATIONS.get(kind, ())),
    )
    return db.scalar(query.order_by(col(Obligation.id)).limit(1))


def _reader(db: Session, directive: Directive) -> int:
    query = select(col(Membership.person_id)).where(col(Membership.organization_id) == directive.lead_id)
    found = db.scalar(query.order_by(col(Membership.position) != Position.CLERK, col(Membership.id)).limit(1))
    if found is None:
        raise NotFound(what={"vi": "người nhận thư của", "en": "A recipient for"}, code=directive.code)
    return found


@click.command(cls=Command, help="Gửi một thư thử qua kênh đã cấu hình / send a trial mail.")
@click.argument("address")
@click.option("--yes", is_flag=True, help="Không hỏi lại / do not ask.")
@pass_runtime
def test(runtime: Runtime, address: str, yes: bool) -> None:
    runtime.yes = runtime.yes or yes
    recipient = addresses.check(address.strip())
    channel = parse_channel(runtime.settings.smtp_url).describe()
    runtime.confirm(
        f"Gửi thư thử tới {recipient} qua {channel}?", f"Send a trial mail to {recipient} through {channel}?"
    )
    outcome = outgoing.trial(runtime.settings, recipient, cast(Locale, runtime.lang), runtime.now())
    response = f"{outcome.code or ''} {outcome.text}".strip()
    if outcome.fate is not Fate.HANDED_OVER:
        refusal = NotSent if outcome.fate is Fate.REJECTED else ChannelAway
        raise refusal(channel=channel, meaning=Fates.said[outcome.fate], response=response or "-")
    runtime.say(f"Đã giao cho {channel}: {response}", f"Handed to {channel}: {response}")
