"""Mails of the public answer page: a code for the mailbox, a link asked for again. Never into an outbox."""

from notifications.links import answer_url
from web.code_mail import PageMail
from web.site import Site
from workflow.link_again import Renewed
from workflow.models.person import Person
from workflow.words import pair

CODE = PageMail(
    pair("Mã mở nội dung nhiệm vụ", "Code to open your directives"),
    pair(
        "Kính gửi {name},\n\nMã: {code}\n\nMã dùng được một lần, trong 10 phút, trên trang vừa yêu cầu. "
        "Nếu không yêu cầu mã này, đề nghị bỏ qua thư.\n\nTrân trọng./.\n",
        "Dear {name},\n\nCode: {code}\n\nIt works once, for 10 minutes, on the page that asked for it. "
        "If you did not ask, ignore this mail.\n",
    ),
)
LINK = PageMail(
    pair("Liên kết trả lời nhiệm vụ", "Your link to answer directives"),
    pair(
        "Kính gửi {name},\n\nLiên kết mới để trả lời {count} nhiệm vụ ({codes}):\n\n{url}\n\n"
        "Không cần đăng nhập. Nếu không yêu cầu liên kết này, đề nghị bỏ qua thư.\n\nTrân trọng./.\n",
        "Dear {name},\n\nA new link to answer {count} of your directives ({codes}):\n\n{url}\n\n"
        "No login is needed. If you did not ask for it, ignore this mail.\n",
    ),
)
MOST_CODES = 10


def send_code(site: Site, person: Person, code: str) -> None:
    CODE.send(site, person.email, person.name, person.locale, code=code)


def send_link(site: Site, renewed: Renewed) -> None:
    person, codes = renewed.person, ", ".join(renewed.codes[:MOST_CODES])
    LINK.send(
        site, person.email, person.name, person.locale, count=f"{len(renewed.codes):02}",
        codes=codes + ("…" if len(renewed.codes) > MOST_CODES else ""),
        url=answer_url(site.settings.base_url, renewed.token),
    )  # fmt: skip
