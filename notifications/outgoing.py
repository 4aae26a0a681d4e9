"""The sender as the settings describe it, and one trial mail through its channel."""

from dataclasses import replace
from datetime import datetime
from email.utils import parseaddr
from typing import ClassVar

from config import secret
from config.settings import Settings
from notifications.answering import answering
from notifications.channels import Fate, Outcome
from notifications.facts import Site
from notifications.kinds import MailKind
from notifications.mime import Envelope, Mailbox, build
from notifications.packing import Sender
from notifications.payload import Locale, Operations
from notifications.rendering import render
from notifications.samples import sample
from notifications.signing import Signer, signer
from notifications.smtp import parse_channel
from workflow import addresses
from workflow.errors import InputWrong
from workflow.pacing import Pace


def sender_of(settings: Settings) -> Sender:
    """Raises KeyUnusable when mails should be signed and cannot be."""
    site = Site(
        base_url=settings.base_url.rstrip("/"),
        contact=settings.mail_from,
        link_keys=secret.keys(settings, "link"),
        house=settings.delegation,
    )
    return Sender(
        settings.mail_from, site, settings.only_to, sign=_signer(settings), answering=answering(settings)
    )


def pace_of(settings: Settings) -> Pace:
    return Pace(settings.mail_per_minute, settings.mail_per_person)


def _signer(settings: Settings) -> Signer | None:
    if settings.dkim_key_file is None:
        return None
    own = parseaddr(settings.mail_from)[1].rpartition("@")[2]
    return signer(settings.dkim_key_file, settings.dkim_selector, settings.dkim_domain or own)


def trial(settings: Settings, address: str, locale: Locale, now: datetime) -> Outcome:
    """One mail to this address, now, past the outbox: whatever the relay answers is told, nothing is kept."""
    recipient = addresses.check(address.strip())
    sender = sender_of(settings)
    if not sender.may_reach(recipient):
        why = {
            "vi": "Bản cài đặt này chỉ gửi tới DONDOC_ONLY_TO.",
            "en": "This installation mails only DONDOC_ONLY_TO.",
        }
        raise InputWrong(field="address", value=recipient, why=why)
    mail = sender.signed(_trial(sender, recipient, locale, now))
    with parse_channel(settings.smtp_url).open() as connection:
        return connection.send(sender.address, recipient, mail)


def _trial(sender: Sender, recipient: str, locale: Locale, now: datetime) -> bytes:
    letter = replace(
        sample(MailKind.OPERATIONS, locale),
        delegation_name=sender.site.house,
        parent_name=None,
        recipient_name=recipient,
        answer_url=f"{sender.site.base_url}/quan-tri",
        contact=sender.site.contact,
        operations=TRIAL[locale],
    )
    envelope = Envelope(
        sender=sender.mailbox,
        recipient=Mailbox(recipient),
        message_id=f"<trial.{now:%Y%m%d%H%M%S%f}@{sender.host}>",
        date=now,
        reason=MailKind.OPERATIONS.slug,
    )
    return build(render(letter), envelope)


TRIAL: dict[Locale, Operations] = {
    "vi": Operations(
        "Thư thử: kênh gửi thư hoạt động",
        "Thư này đi qua đúng kênh, địa chỉ gửi và chữ ký mà mọi thư khác dùng.",
        "Không có; thư thử không ghi vào hàng chờ gửi.",
        "dondoc message test",
    ),
    "en": Operations(
        "Trial mail: the channel works",
        "It came by the channel, from the address and with the signature of every other mail.",
        "Nothing; a trial is not kept in the outbox.",
        "dondoc message test",
    ),
}


class Fates:
    """What the outcome of one mail means, for whoever asked."""

    said: ClassVar[dict[Fate, dict[str, str]]] = {
        Fate.HANDED_OVER: {
            "vi": "Máy chủ thư đã nhận và chịu trách nhiệm giao.",
            "en": "The relay took it and answers for its delivery.",
        },
        Fate.NOT_ACCEPTED: {
            "vi": "Máy chủ thư tạm thời không nhận; thư thường sẽ được gửi lại sau.",
            "en": "The relay does not take it for now; an ordinary mail would be tried again.",
        },
        Fate.REJECTED: {
            "vi": "Máy chủ thư từ chối hẳn địa chỉ hoặc thư này.",
            "en": "The relay refuses this address or this mail for good.",
        },
        Fate.CHANNEL_FAULT: {
            "vi": "Không thư nào đi được qua kênh này lúc này: kiểm tra địa chỉ máy chủ, mật khẩu, chứng thư.",
            "en": "No mail can go this way now: check the relay's address, password and certificate.",
        },
        Fate.AMBIGUOUS: {
            "vi": "Kết nối đứt sau khi gửi xong, trước khi máy chủ trả lời: có thể đã nhận.",
            "en": "The connection was cut after the mail and before the answer: it may have been taken.",
        },
    }
