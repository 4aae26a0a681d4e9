"""In a real browser: no script needed, the keyboard enough. Barriers and steps are looked at in `gallery`."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from config.database import open_database
from notifications.smtp import parse_channel
from tests.servers.schema import SchemaTemplates
from tests.web.chromium import Watched, free_port, launched, serving
from tests.web.house import CONCLUSION, House
from tests.web.postbox import deliver
from tests.web.test_acts import PDF
from workflow.inputs import Evidence
from workflow.models.directive import Directive


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, schema_templates: SchemaTemplates) -> Iterator[House]:
    home = tmp_path_factory.mktemp("house")
    engine = open_database(schema_templates.copy_of_sqlite(home / "test.db"))
    port = free_port()
    house = House(engine, home, base_url=f"http://127.0.0.1:{port}")
    issue = house.world.issue
    issue("GS14-01", date(2026, 8, 26))
    issue("GS14-02", date(2026, 9, 1))
    issue("GS14-03", date(2026, 9, 7))
    issue("GS14-04", date(2026, 9, 30))
    issue("GS14-05", date(2026, 10, 30), coordinating=("syt",))
    issue("GS14-06", rhythm="FREQ=MONTHLY;INTERVAL=3")
    house.world.move("ben", "GS14-03", "request_extension", reason="Chờ số liệu.", due_on=date(2026, 10, 20))
    house.world.move("ben", "GS14-04", "report", text="Đã xong.", evidence=(Evidence("Biên bản"),))
    house.nights(date(2026, 9, 3))
    house.take_in(house.world.today)
    with parse_channel(house.settings.smtp_url).open() as channel:
        mail = b"To: chi@lamgiang.example\r\nSubject: [GS14-01]\r\nContent-Type: text/html\r\n\r\n<p>Xin <b>tra loi</b></p>"
        channel.send("a@lamgiang.example", "chi@lamgiang.example", mail)
    with serving(house.app, port):
        yield house
    engine.dispose()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = launched(playwright)
        yield found
        found.close()


def _window(
    house: House, chromium: Browser, who: str | None, *, width: int = 1280, **look: object
) -> Watched:
    window = Watched(
        chromium,
        house.settings.base_url,
        viewport={"width": width, "height": 900},
        reduced_motion="reduce",
        **look,
    )
    if who is not None:
        window.enter(house.link(who))
    return window


def _state(house: House, code: str) -> str:
    return next(one.state for one in house.world.rows(Directive) if one.code == code)


def test_an_agency_reports_with_a_file_in_two_steps_without_scripts(
    house: House, chromium: Browser, tmp_path: Path
) -> None:
    evidence = tmp_path / "bao-cao.pdf"
    evidence.write_bytes(PDF)
    window = _window(house, chromium, "ben", java_script_enabled=False)
    page = window.page
    page.goto("/nhiem-vu/GS14-02")
    page.check('input[value="report"]')
    assert page.is_visible('textarea[name="report.result"]')
    assert not page.is_visible('textarea[name="dispute.reason"]')
    page.fill('textarea[name="report.result"]', "Đã rà soát xong.")
    page.set_input_files('input[name="report.evidence"]', str(evidence))
    page.click("text=Ghi và gửi thư")
    assert page.is_visible("text=Đã ghi.")
    assert page.is_visible("text=bao-cao.pdf")
    assert _state(house, "GS14-02") == "reported"
    window.close()


def test_a_supervisor_decides_an_extension_in_two_steps_without_scripts(
    house: House, chromium: Browser
) -> None:
    window = _window(house, chromium, "duc", java_script_enabled=False)
    page = window.page
    page.click(".todo a.btn:has-text('Quyết định')")
    page.check('input[value="grant_extension"]')
    assert page.input_value('input[name="grant_extension.due_on"]') == "20/10/2026"
    page.click("text=Ghi và gửi thư")
    assert page.is_visible("text=Đã ghi.")
    assert next(one.due_on for one in house.world.rows(Directive) if one.code == "GS14-03") == date(
        2026, 10, 20
    )
    window.close()


def test_a_secretary_takes_a_conclusion_in_with_three_submits_without_scripts(
    house: House, chromium: Browser
) -> None:
    window = _window(house, chromium, "ada", java_script_enabled=False)
    page = window.page
    page.goto("/ket-luan/moi")
    page.fill("textarea[name=text]", CONCLUSION + "\nBổ sung lần hai.")
    page.click("main button")
    assert page.locator("li.draft").count() == 3
    page.click("text=Xem lại và trình")
    page.click("main button:has-text('Trình phát hành')")
    assert page.is_visible("text=Đã trình phát hành.")
    window.close()


def test_the_keyboard_alone_gets_from_the_first_tab_to_the_content_and_to_an_answer(
    house: House, chromium: Browser
) -> None:
    window = _window(house, chromium, "ben")
    page = window.page
    page.goto("/nhiem-vu/GS14-05")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "move":
            break
    page.keyboard.press("Space")
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.tagName") == "BUTTON":
            break
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Đã ghi.")
    assert _state(house, "GS14-05") == "acknowledged"
    window.close()


def test_a_mail_is_drawn_in_a_frame_that_runs_and_loads_nothing(house: House, chromium: Browser) -> None:
    window = _window(house, chromium, "chi")
    window.page.goto("/hop-thu-thu")
    window.page.click("text=[GS14-01]")
    frame = window.page.frame_locator("iframe.mail")
    assert frame.locator("b").inner_text() == "tra loi"
    assert window.strangers == []
    window.close()


def test_the_button_of_a_mail_in_the_test_mailbox_leads_to_the_answer(
    house: House, chromium: Browser
) -> None:
    house.world.issue("GS14-30", date(2026, 11, 2))
    deliver(house)
    window = _window(house, chromium, "ben")
    window.page.goto("/hop-thu-thu")
    window.page.click("main a:has-text('[GS14-30]')")
    with window.context.expect_page() as opened:
        window.page.frame_locator("iframe.mail").locator("a.m-btn-a").click()
    opened.value.wait_for_load_state()
    assert opened.value.url.startswith(f"{house.settings.base_url}/t/")
    assert opened.value.locator("form").count() > 0
    window.close()
