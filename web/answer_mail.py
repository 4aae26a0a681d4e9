"""Mails of the public answer page: a code for the mailbox, a link asked for again. Never into an outbox."""

from notifications.links import answer_url
from web.code_mail import send_now
from web.site import Site
from workflow.link_again import Renewed
from workflow.models.person import Person

CODE_SUBJECTS = {"vi": "Mã mở nội dung nhiệm vụ", "en": "Code to open your directives"}
CODE_TEXTS = {
    "vi": "Kính gửi {name},\n\nMã: {code}\n\nMã dùng được một lần, trong 10 phút, trên trang vừa yêu cầu. "
    "Nếu không yêu cầu mã này, đề nghị bỏ qua thư.\n\nTrân trọng./.\n",
    "en": "Dear {name},\n\nCode: {code}\n\nIt works once, for 10 minutes, on the page that asked for it. "
    "If you did not ask, ignore this mail.\n",
}
LINK_SUBJECTS = {"vi": "Liên kết trả lời nhiệm vụ", "en": "Your link to answer directives"}
LINK_TEXTS = {
    "vi": "Kính gửi {name},\n\nLiên kết mới để trả lời {count} nhiệm vụ ({codes}):\n\n{url}\n\n"
    "Không cần đăng nhập. Nếu không yêu cầu liên kết này, đề nghị bỏ qua thư.\n\nTrân trọng./.\n",
    "en": "Dear {name},\n\nA new link to answer {count} of your directives ({codes}):\n\n{url}\n\n"
    "No login is needed. If you did not ask for it, ignore this mail.\n",
}
MOST_CODES = 10


def send_code(site: Site, person: Person, code: str) -> None:
    locale = _locale(person)
    text = CODE_TEXTS[locale].format(name=person.name, code=code)
    send_now(site, person.email, person.name, CODE_SUBJECTS[locale], text)


def send_link(site: Site, renewed: Renewed) -> None:
    person, locale = renewed.person, _locale(renewed.person)
    codes = ", ".join(renewed.codes[:MOST_CODES]) + ("…" if len(renewed.codes) > MOST_CODES else "")
    text = LINK_TEXTS[locale].format(
        name=person.name, count=f"{len(renewed.codes):02}", codes=codes,
        url=answer_url(site.settings.base_url, renewed.token),
    )  # fmt: skip
    send_now(site, person.email, person.name, LINK_SUBJECTS[locale], text)


def _locale(person: Person) -> str:
    return "en" if person.locale == "en" else "vi"
