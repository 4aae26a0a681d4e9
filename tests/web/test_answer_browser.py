"""From the mail to the receipt in a real browser, scripts off; and no barrier on any page of the way."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from config.database import open_database
from tests.servers.schema import SchemaTemplates
from tests.web.chromium import Watched, free_port, launched, serving
from tests.web.gallery.test_barriers import barriers
from tests.web.house import House
from tests.web.postbox import deliver, mails, token_in, words
from tests.web.test_acts import PDF
from workflow.drafts import Draft
from workflow.models.attachment import Attachment
from workflow.models.directive import Directive

DUE = date(2026, 9, 30)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = launched(playwright)
        yield found
        found.close()


@pytest.fixture
def house(tmp_path: Path, schema_templates: SchemaTemplates) -> Iterator[House]:
    engine = open_database(schema_templates.copy_of_sqlite(tmp_path / "test.db"))
    port = free_port()
    house = House(engine, tmp_path, base_url=f"http://127.0.0.1:{port}")
    with serving(house.app, port):
        yield house
    engine.dispose()


def window(house: House, chromium: Browser, **look: object) -> Watched:
    look = {"viewport": {"width": 1280, "height": 900}, "reduced_motion": "reduce", **look}
    return Watched(chromium, house.settings.base_url, **look)


def open_mail(page: Page, house: House, who: str, folder: Path) -> None:
    """The newest mail of this person, as its reader sees it."""
    deliver(house)
    html = mails(house, who)[-1].get_body(("html",))
    assert html is not None
    file = folder / "mail.html"
    file.write_text(html.get_content(), encoding="utf-8")
    page.goto(file.as_uri())


def sign(page: Page) -> None:
    page.fill("input[name=name]", "Nguyễn Văn An")
    page.fill("input[name=post]", "Chuyên viên, Phòng Khoáng sản")


def state(house: House, code: str = "GS14-01") -> str:
    return next(one.state for one in house.world.rows(Directive) if one.code == code)


@pytest.mark.timeout(300)
def test_mail_report_receipt_and_acceptance_without_scripts(
    house: House, chromium: Browser, tmp_path: Path
) -> None:
    """Two steps after the mail is open: the button, and the form."""
    house.world.issue("GS14-01", DUE)
    evidence = tmp_path / "bao-cao.pdf"
    evidence.write_bytes(PDF)
    clerk = window(house, chromium, java_script_enabled=False)
    page = clerk.page
    open_mail(page, house, "ben", tmp_path)
    page.click("a.m-btn-a")
    page.check('input[value="report"]')
    assert page.is_visible('textarea[name="report.result"]')
    assert not page.is_visible('textarea[name="dispute.reason"]')
    page.fill('textarea[name="report.result"]', "Đã rà soát xong 12 mỏ.")
    page.set_input_files('input[name="report.evidence"]', str(evidence))
    sign(page)
    page.click("text=Gửi trả lời")
    (kept,) = house.world.rows(Attachment)
    assert page.is_visible("text=Đã nhận trả lời")
    assert page.is_visible(f"text={kept.sha256}")
    assert state(house) == "reported"
    assert [one for one in clerk.strangers if not one.startswith("file:")] == []
    assert clerk.complaints == []
    clerk.close()
    deliver(house)
    assert kept.sha256 in words(mails(house, "ben")[-1])

    chair = window(house, chromium, java_script_enabled=False)
    chair.enter(house.link("chi"))
    chair.page.goto("/nhiem-vu/GS14-01")
    chair.page.check('input[value="accept"]')
    chair.page.click("text=Ghi và gửi thư")
    chair.close()
    assert state(house) == "done"
    deliver(house)
    assert mails(house, "ben")[-1]["Subject"] == "[GS14-01] Đã duyệt kết quả: Nội dung GS14-01"


@pytest.mark.timeout(300)
def test_eight_directives_are_acknowledged_in_two_steps_without_scripts(
    house: House, chromium: Browser, tmp_path: Path
) -> None:
    codes = [f"GS14-{number:02}" for number in range(1, 9)]
    house.world.issue_all(
        [Draft(code, "GS14", text=f"Nội dung {code}", lead="sct", due_on=DUE) for code in codes]
    )
    clerk = window(house, chromium, java_script_enabled=False, viewport={"width": 390, "height": 800})
    open_mail(clerk.page, house, "ben", tmp_path)
    clerk.page.click("a.m-btn-a")
    sign(clerk.page)
    clerk.page.click("text=Xác nhận đã tiếp nhận")
    assert clerk.page.is_visible("text=Đã nhận trả lời")
    assert {state(house, code) for code in codes} == {"acknowledged"}
    clerk.close()


@pytest.mark.timeout(300)
def test_an_extension_is_asked_for_in_two_steps_without_scripts(
    house: House, chromium: Browser, tmp_path: Path
) -> None:
    house.world.issue("GS14-01", DUE)
    clerk = window(house, chromium, java_script_enabled=False)
    open_mail(clerk.page, house, "ben", tmp_path)
    clerk.page.click("a.m-btn-a")
    clerk.page.check('input[value="request_extension"]')
    clerk.page.fill('input[name="request_extension.due_on"]', "20/10/2026")
    clerk.page.fill('textarea[name="request_extension.reason"]', "Chờ số liệu của 3 huyện.")
    sign(clerk.page)
    clerk.page.click("text=Gửi trả lời")
    assert clerk.page.is_visible("text=Chờ số liệu của 3 huyện.")
    clerk.close()


@pytest.mark.timeout(300)
@pytest.mark.parametrize("locale", ["vi", "en"])
def test_no_barrier_while_an_answer_is_chosen_refused_and_received(
    house: House, chromium: Browser, locale: str
) -> None:
    """What stands only for a moment; the pages themselves are looked at in `gallery`."""
    house.world.issue("GS14-01", DUE)
    deliver(house)
    clerk = window(house, chromium)
    page = clerk.page
    page.goto(f"/t/{token_in(mails(house, 'ben')[-1])}?lang={locale}")
    page.check('input[value="report"]')
    found = barriers(page, "chosen")
    page.evaluate("document.querySelectorAll('[required]').forEach(field => field.required = false)")
    page.click("form.ask button")
    assert page.title().startswith(("Lỗi:", "Error:"))
    found |= barriers(page, "refused")
    page.check('input[value="progress"]')
    page.fill('textarea[name="progress.note"]', "Đã khảo sát hai mỏ.")
    sign(page)
    page.click("form.ask button")
    assert "/bien-nhan/" in page.url
    found |= barriers(page, "receipt")
    assert found == {}
    assert clerk.strangers == []
    clerk.close()
