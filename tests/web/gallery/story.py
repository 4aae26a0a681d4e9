"""A house in which every page has something to show: eight directives in every standing there is, and their mails."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlmodel import col

from config.database import open_database, writing
from config.instant import real_now
from tests.inbound_letters import letter, report, room
from tests.servers.schema import SchemaTemplates
from tests.web.chromium import free_port, serving
from tests.web.house import House
from tests.web.postbox import LINK, deliver, mails, token_in, words
from tests.web.test_acts import PDF
from tests.world import at
from web.mailbox import heads
from workflow import accounts
from workflow.drafts import Draft
from workflow.models.directive import Directive
from workflow.models.message import Message
from workflow.models.person import Person

TODAY = date(2026, 10, 8)
MONDAY = date(2026, 10, 5)
"""Its mails stay to be read: the leadership's weekly summary among them."""
QUARTERLY = "FREQ=MONTHLY;INTERVAL=3"
ISSUED: list[tuple[str, str, date | None, str]] = [
    ("GS14-01", "Tiếp tục tăng cường công tác lãnh đạo, chỉ đạo thực hiện tốt các nhiệm vụ, chỉ tiêu của nghị quyết",
     None, "sct"),
    ("GS14-02", "Rà soát, đánh giá cụ thể mục tiêu, chỉ tiêu thuộc chức năng của ngành", date(2026, 9, 18), "sct"),
    ("GS14-03", "Phân tích làm rõ khó khăn, vướng mắc và nguyên nhân để có giải pháp khắc phục",
     date(2026, 9, 24), "sct"),
    ("GS14-04", "Tuyên truyền, phổ biến quy định pháp luật về đất đai, tài nguyên khoáng sản, bảo vệ môi trường",
     date(2026, 12, 25), "syt"),
    ("GS14-05", "Rà soát hạ tầng các cụm công nghiệp, có giải pháp nâng cấp để thu hút đầu tư",
     date(2026, 10, 12), "sct"),
    ("GS14-06", "Quản lý việc khai thác khoáng sản tại các mỏ đã cấp phép", date(2026, 9, 29), "sct"),
    ("GS14-07", "Bảo đảm môi trường tại các chợ trên địa bàn tỉnh", date(2026, 10, 14), "sct"),
    ("GS14-08", "Tăng cường ứng dụng công nghệ số trong quản lý tài nguyên khoáng sản", date(2026, 12, 29), "sct"),
]  # fmt: skip


def tell(house: House) -> None:
    """Seven weeks: one done, two overdue, one of them with a wish, one waiting for review, one secret."""
    world = house.world
    world.issue_all([_draft(*one) for one in ISSUED])
    deliver(house)
    world.nights(date(2026, 8, 24))
    for code in ("GS14-02", "GS14-03", "GS14-05", "GS14-06", "GS14-07"):
        world.move("ben", code, "acknowledge")
    world.nights(date(2026, 9, 14))
    world.report("GS14-02")
    world.nights(date(2026, 9, 15))
    world.move("duc", "GS14-02", "accept")
    world.move(
        "ben",
        "GS14-03",
        "progress",
        text="Đã có ý kiến của 4 trên 7 phòng, đơn vị; đang tổng hợp nguyên nhân.",
    )
    world.nights(date(2026, 9, 23))
    world.move(
        "ben", "GS14-03", "request_extension", due_on=date(2026, 10, 20),
        reason="Còn chờ số liệu của hai địa phương; đề nghị cho báo cáo chung một lần.",
    )  # fmt: skip
    world.nights(MONDAY - timedelta(days=1))
    world.night(MONDAY)
    deliver(house)
    world.nights(TODAY - timedelta(days=1))
    world.night(TODAY)
    house.today(TODAY)
    _people_at_work(house)


def _draft(code: str, text: str, due_on: date | None, lead: str) -> Draft:
    rhythm = None if due_on else QUARTERLY
    others = ("syt",) if code == "GS14-05" else ()
    return Draft(
        code=code, supervision="GS14", text=text, lead=lead, coordinating=others, due_on=due_on,
        rhythm=rhythm, product="Báo cáo kèm số liệu",
    )  # fmt: skip


def _people_at_work(house: House) -> None:
    """What is done today on the pages and by mail."""
    version = next(one.version for one in house.world.rows(Directive) if one.code == "GS14-07")
    files = [("report.evidence", ("bao-cao-moi-truong-cho.pdf", PDF, "application/pdf"))]
    done = "Đã lắp 12 điểm thu gom tại 5 chợ hạng hai."
    page = "/nhiem-vu/GS14-07"
    house.enter("ben").send(page, page, move="report", report__result=done, version=str(version), files=files)
    ada, quan = house.enter("ada"), house.enter("quan")
    week = {
        "report": "weekly",
        "format": "docx",
        "rhythm": "FREQ=WEEKLY;BYDAY=MO",
        "to": "chi@lamgiang.example",
    }
    ada.send("/bao-cao/lich", "/bao-cao/lich", **week)
    ada.send("/nhiem-vu/cach-xem", "/toi", query="agency=sct", name="Sở Công Thương")
    ada.send("/toi/vang-mat", "/toi/vang-mat", **{"from": "12/10/2026"}, until="16/10/2026", act="set")
    quan.send("/toi/ma-truy-cap", "/toi/ma-truy-cap", act="make", name="Kho số liệu", scope="read", days="90")
    house.take_in(TODAY)
    house.world.issue("GS14-20", date(2026, 11, 16), is_secret=True)
    _letters_come_in(house)
    deliver(house)


def _letters_come_in(house: House) -> None:
    """One answer without a tag, one from a stranger, one mail that came back."""
    with room(house.engine, house.world, house.settings.home, at(TODAY)) as inbox:
        inbox.take(letter("TIẾN ĐỘ\nĐang khảo sát hai mỏ.", "ben", "tra-loi@lamgiang.example"))
        inbox.take(letter("HOÀN THÀNH\nXong.", "la@nguoi.example", inbox.address()))
        with writing(house.engine) as db:
            message = db.scalars(select(Message).where(col(Message.kind) == "issued")).first()
            assert message is not None
            number = message.id
            message.address = db.get_one(Person, message.person_id).email
            address = message.address
        inbox.take(report(inbox.answering.envelope_sender(number, inbox.now), address))


class LivedIn(House):
    """The house, and the keys to those of its doors that only a mail opens."""

    def keys(self) -> dict[str, str]:
        with_links = [mail for mail in mails(self, "ben") if LINK.search(words(mail))]
        with writing(self.engine) as db:
            reset = accounts.ask_reset(db, "chi@lamgiang.example", real_now())
        assert reset is not None
        newest = heads(self.settings.home / "mailbox", "ben@lamgiang.example")[0]
        weekly = next(mail for mail in mails(self, "lan") if mail["List-Unsubscribe"])
        return {
            "refusal": str(weekly["List-Unsubscribe"]).rpartition("/")[2].rstrip(">"),
            "several": token_in(with_links[0]), "one": token_in(with_links[-1]), "reset": reset[1],
            "way_in": self.link("huy"), "mail": newest.key,
        }  # fmt: skip


@contextmanager
def lived_in(home: Path, templates: SchemaTemplates) -> Iterator[LivedIn]:
    """Told, and served on a port of its own."""
    engine = open_database(templates.copy_of_sqlite(home / "test.db"))
    port = free_port()
    house = LivedIn(engine, home, base_url=f"http://127.0.0.1:{port}")
    tell(house)
    with serving(house.app, port):
        yield house
    engine.dispose()
