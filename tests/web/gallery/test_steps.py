"""The most frequent acts of each person: how many clicks each takes once the mail or the page is open.

The aims are those of the interface design: a step is a click on a link or on a button that sends a form.
Choosing an answer and typing are counted apart, as fields.
"""

from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Frame, Page

from tests.web.chromium import Watched
from tests.web.gallery.conftest import Windows
from tests.web.gallery.story import LivedIn
from tests.web.house import CONCLUSION
from tests.web.postbox import mails
from tests.web.test_acts import PDF
from workflow.models.directive import Directive

pytestmark = pytest.mark.timeout(300)


@dataclass
class Steps:
    """A page, and what was done to it since it was opened."""

    page: Page
    clicks: int = 0
    fields: int = 0
    loads: int = -1

    def __post_init__(self) -> None:
        self.page.on("framenavigated", self._loaded)

    def _loaded(self, frame: Frame) -> None:
        self.loads += frame == self.page.main_frame

    def open(self, address: str) -> "Steps":
        self.page.goto(address)
        return self

    def click(self, what: str) -> None:
        self.page.locator(what).first.click()
        self.clicks += 1

    def choose(self, what: str) -> None:
        self.page.check(what)
        self.fields += 1

    def fill(self, what: str, text: str) -> None:
        self.page.locator(what).first.fill(text)
        self.fields += 1

    def sign(self) -> None:
        self.fill("input[name=name]", "Lê Thị Mẫu")
        self.fill("input[name=post]", "Văn thư")

    @property
    def taken(self) -> tuple[int, int, int]:
        return self.clicks, self.fields, self.loads


def state(house: LivedIn, code: str) -> str:
    return next(one.state for one in house.world.rows(Directive) if one.code == code)


@pytest.fixture
def clerk(told: LivedIn, chromium: Browser) -> Watched:
    """Somebody at an agency who has nothing but a mail; scripts are off."""
    return Watched(chromium, told.settings.base_url, java_script_enabled=False)


def mail_of(house: LivedIn, who: str, subject: str, folder: Path) -> str:
    """The address of this mail, opened as its reader's program shows it."""
    mail = next(one for one in reversed(mails(house, who)) if subject in str(one["Subject"]))
    part = mail.get_body(("html",))
    assert part is not None
    file = folder / "mail.html"
    file.write_text(part.get_content(), encoding="utf-8")
    return file.as_uri()


def test_secretary_turns_a_conclusion_into_directives_in_three(windows: Windows) -> None:
    ada = Steps(windows.of("ada").page).open("/ket-luan/moi")
    ada.fill("textarea[name=text]", CONCLUSION + "\nBổ sung lần hai.")
    ada.click("main button")
    ada.click("text=Xem lại và trình")
    ada.click("main button:has-text('Trình phát hành')")
    assert ada.page.is_visible("text=Đã trình phát hành.")
    assert ada.taken == (3, 1, 3)


def test_secretary_sees_what_is_late_at_once_and_prints_it_in_one(windows: Windows) -> None:
    ada = Steps(windows.of("ada").page).open("/")
    assert ada.page.locator("#h-due + a, table .chip.esc").count() >= 2
    ada.click("text=Xuất báo cáo")
    assert ada.page.locator("h3:has-text('Nhiệm vụ quá hạn')").count() == 1
    assert ada.taken == (1, 0, 1)


def test_secretary_matches_a_stray_reply_in_one(told: LivedIn, windows: Windows) -> None:
    ada = Steps(windows.of("ada").page).open("/hop-thu")
    ada.click("button:has-text('Ghép')")
    assert ada.page.is_visible("text=Đã ghép thư vào GS14-01.")
    assert ada.taken == (1, 0, 1)
    assert state(told, "GS14-01") == "in_progress"


def test_agency_acknowledges_from_the_mail_in_two(told: LivedIn, clerk: Watched, tmp_path: Path) -> None:
    steps = Steps(clerk.page).open(mail_of(told, "ben", "Giao 07 nhiệm vụ", tmp_path))
    steps.click("a.m-btn-a")
    steps.sign()
    steps.click("text=Xác nhận đã tiếp nhận")
    assert clerk.page.is_visible("text=Đã nhận trả lời")
    assert steps.taken == (2, 2, 2)
    assert state(told, "GS14-08") == "acknowledged"


def test_agency_asks_for_an_extension_from_the_mail_in_two(
    told: LivedIn, clerk: Watched, tmp_path: Path
) -> None:
    steps = Steps(clerk.page).open(mail_of(told, "ben", "[GS14-05] Còn 05 ngày", tmp_path))
    steps.click("a.m-btn-a")
    steps.choose('input[value="request_extension"]')
    steps.fill('input[name="request_extension.due_on"]', "30/10/2026")
    steps.fill('textarea[name="request_extension.reason"]', "Chờ số liệu của 3 huyện.")
    steps.sign()
    steps.click("text=Gửi trả lời")
    assert clerk.page.is_visible("text=Chờ số liệu của 3 huyện.")
    assert steps.taken == (2, 5, 2)


def test_agency_reports_with_a_file_from_the_mail_in_two(
    told: LivedIn, clerk: Watched, tmp_path: Path
) -> None:
    evidence = tmp_path / "bao-cao.pdf"
    evidence.write_bytes(PDF)
    steps = Steps(clerk.page).open(mail_of(told, "ben", "[GS14-05] Còn 05 ngày", tmp_path))
    steps.click("a.m-btn-a")
    steps.choose('input[value="report"]')
    steps.fill('textarea[name="report.result"]', "Đã rà soát 4 cụm công nghiệp.")
    clerk.page.set_input_files('input[name="report.evidence"]', str(evidence))
    steps.sign()
    steps.click("text=Gửi trả lời")
    assert clerk.page.is_visible("text=bao-cao.pdf")
    assert steps.taken == (2, 4, 2)
    assert state(told, "GS14-05") == "reported"


def test_supervisor_decides_an_extension_in_two(told: LivedIn, windows: Windows) -> None:
    duc = Steps(windows.of("duc").page).open("/")
    duc.click(".todo a.btn:has-text('Quyết định')")
    duc.choose('input[value="grant_extension"]')
    duc.click("text=Ghi và gửi thư")
    assert duc.page.is_visible("text=Đã ghi.")
    assert duc.taken == (2, 1, 2)


def test_supervisor_returns_a_report_with_a_reason_in_two(told: LivedIn, windows: Windows) -> None:
    duc = Steps(windows.of("duc").page).open("/")
    duc.click(".todo a.btn:has-text('Duyệt báo cáo')")
    duc.choose('input[value="send_back"]')
    duc.fill('textarea[name="send_back.reason"]', "Chưa có số liệu của chợ trung tâm.")
    duc.fill('input[name="send_back.due_on"]', "30/10/2026")
    duc.click("text=Ghi và gửi thư")
    assert duc.page.is_visible("text=Đã ghi.")
    assert duc.taken == (2, 3, 2)
    assert state(told, "GS14-07") == "sent_back"


def test_supervisor_gets_the_drafted_letter_of_what_is_overdue_in_two(windows: Windows) -> None:
    duc = Steps(windows.of("duc").page).open("/don-doc")
    duc.click("text=Mở dự thảo công văn")
    with duc.page.expect_download() as download:
        duc.click("text=Tải dự thảo .docx")
    assert download.value.suggested_filename.endswith(".docx")
    assert (duc.clicks, duc.fields) == (2, 0)


def test_leadership_reads_the_week_in_the_mail_and_opens_a_number_in_one(
    told: LivedIn, windows: Windows, tmp_path: Path
) -> None:
    lan = Steps(windows.of("lan").page).open(mail_of(told, "lan", "[Giám sát] Tuần", tmp_path))
    figure = lan.page.locator("a[href*='/bao-cao/danh-sach']").first
    number = int("".join(one for one in figure.inner_text().split(":")[-1] if one.isdigit()))
    lan.click("a[href*='/bao-cao/danh-sach']")
    assert lan.page.locator("tbody tr").count() == number
    assert lan.taken == (1, 0, 1)


def test_leadership_gets_the_paper_for_the_meeting_in_one(windows: Windows) -> None:
    lan = Steps(windows.of("lan").page).open("/bao-cao")
    with lan.page.expect_download() as download:
        lan.click("text=Tải .docx")
    assert download.value.suggested_filename.endswith(".docx")
    assert (lan.clicks, lan.fields) == (1, 0)


def test_administrator_sees_last_night_at_once(windows: Windows) -> None:
    quan = Steps(windows.of("quan").page).open("/luot-quet")
    assert quan.page.is_visible("text=Đêm 08/10/2026")
    assert quan.taken == (0, 0, 0)


def test_administrator_changes_the_policy_in_three(windows: Windows) -> None:
    quan = Steps(windows.of("quan").page).open("/chinh-sach")
    quan.click("a[href='/chinh-sach/sua']")
    source = quan.page.input_value("textarea[name=source]")
    quan.fill("textarea[name=source]", source.replace("cap: 500", "cap: 400"))
    quan.click("button:has-text('Kiểm tra')")
    quan.click("button:has-text('Ban hành bản này')")
    assert quan.page.is_visible("text=400 thư một đêm")
    assert quan.taken == (3, 1, 3)


def test_administrator_mends_a_dead_address_in_one(windows: Windows) -> None:
    quan = Steps(windows.of("quan").page).open("/hop-thu")
    quan.fill("input[name=email]", "ben.moi@lamgiang.example")
    quan.click("text=Sửa và gửi lại")
    assert quan.page.is_visible("text=Đã sửa địa chỉ")
    assert quan.taken == (1, 1, 1)
