"""Mails that pages send themselves, because they must never lie in an outbox: codes, and links asked for again."""

from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr, make_msgid, parseaddr
from urllib.parse import urlsplit

import structlog

from notifications import identity
from notifications.channels import Fate
from notifications.smtp import parse_channel
from web.site import Site
from workflow.words import Texts, pair

log = structlog.get_logger("web")


@dataclass(frozen=True)
class PageMail:
    """A subject and a text in both languages, with names in braces."""

    subject: Texts
    text: Texts

    def send(self, site: Site, email: str, name: str, locale: str, **facts: object) -> None:
        locale = "en" if locale == "en" else "vi"
        send_now(site, email, name, self.subject[locale], self.text[locale].format(name=name, **facts))


SIGN_IN = PageMail(
    pair("Mã đăng nhập Đôn đốc", "Your Đôn đốc sign-in code"),
    pair(
        "Kính gửi {name},\n\nMã đăng nhập: {code}\n\nMã dùng được một lần, trong 10 phút, trên đúng trình duyệt đã yêu cầu. "
        "Nếu không yêu cầu mã này, đề nghị bỏ qua thư; không ai vào được nếu chỉ có địa chỉ thư.\n\nTrân trọng./.\n",
        "Dear {name},\n\nSign-in code: {code}\n\nIt works once, for 10 minutes, in the browser that asked for it. "
        "If you did not ask, ignore this mail; nobody gets in with an address alone.\n",
    ),
)
RESET = PageMail(
    pair("Đặt lại mật khẩu Đôn đốc", "Set a new Đôn đốc password"),
    pair(
        "Kính gửi {name},\n\nĐể đặt mật khẩu mới, mở địa chỉ sau trong 60 phút (dùng được một lần):\n\n{link}\n\n"
        "Nếu không yêu cầu, đề nghị bỏ qua thư; mật khẩu hiện tại vẫn giữ nguyên.\n\nTrân trọng./.\n",
        "Dear {name},\n\nTo set a new password, open this address within 60 minutes (it works once):\n\n{link}\n\n"
        "If you did not ask for it, ignore this mail; your password stays as it is.\n",
    ),
)


def send_code(site: Site, email: str, name: str, code: str, locale: str) -> None:
    SIGN_IN.send(site, email, name, locale, code=code)


def send_reset(site: Site, email: str, name: str, token: str, locale: str) -> None:
    """The address comes from the settings alone, whatever host the request named."""
    link = f"{site.settings.base_url.rstrip('/')}/dat-mat-khau/{token}"
    RESET.send(site, email, name, locale, link=link)


def send_now(site: Site, email: str, name: str, subject: str, text: str) -> None:
    """Best effort: whoever gets none asks again. A copy sends nothing; an address outside `only_to` gets nothing."""
    if muted := identity.muted(site.engine, site.settings.home):
        log.warning("mail of a page not sent", why=muted.text("en"))
        return
    if not _may_reach(site, email):
        log.info("mail of a page not sent", why="only_to")
        return
    mail = _mail(site, email, name, subject, text)
    with parse_channel(site.settings.smtp_url).open() as connection:
        outcome = connection.send(parseaddr(site.settings.mail_from)[1], email, mail.as_bytes(policy=SMTP))
    if outcome.fate is not Fate.HANDED_OVER:
        log.warning("mail of a page not sent", why=outcome.text)


def _mail(site: Site, email: str, name: str, subject: str, text: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = formataddr(parseaddr(site.settings.mail_from))
    mail["To"] = formataddr((name, email))
    mail["Subject"] = subject
    mail["Date"] = format_datetime(site.now())
    mail["Message-ID"] = make_msgid(domain=urlsplit(site.settings.base_url).hostname or "localhost")
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail.set_content(text)
    return mail


def _may_reach(site: Site, email: str) -> bool:
    allowed = site.settings.only_to
    return not allowed or email in allowed or "@" + email.rpartition("@")[2] in allowed
