"""I8 beyond the pages, and foreign words that try to become markup, headers, formulas or log lines."""

import io
import logging
import zipfile
from collections.abc import Iterator, MutableMapping
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

import pytest
import structlog
from playwright.sync_api import Dialog, sync_playwright

from config.database import open_database, writing
from notifications.delivery import Post
from notifications.facts import Site
from notifications.packing import Sender
from notifications.smtp import parse_channel
from tests.cli.conftest import Shell
from tests.servers.schema import SchemaTemplates
from tests.servers.smtp import SmtpServer
from tests.web.chromium import Watched, free_port, launched, serving
from tests.web.house import Guest, House
from tests.web.test_routes import TABLE, _filled
from tests.world import at
from workflow.inputs import Evidence

CANARY = "chim-hoang-yen-7f3a"
NIGHT = date(2026, 9, 11)
MARKUP = '"><svg onload=alert(1)><script>alert(2)</script>{{7*7}}'
GETS = sorted(path for method, path in TABLE if method == "GET")


@pytest.fixture
def secretive(house: House) -> House:
    """What only Industry and Trade and the delegation may know; Health leads something of its own."""
    house.world.issue_all([])
    house.world.issue("GS14-01", date(2026, 9, 25), title=CANARY, product=CANARY)
    house.world.move("ben", "GS14-01", "progress", text=CANARY)
    house.world.move(
        "ben", "GS14-01", "request_extension", reason=CANARY, text=CANARY, due_on=date(2026, 10, 9)
    )
    house.world.move("chi", "GS14-01", "refuse_extension", reason=CANARY)
    house.nights(NIGHT)
    return house


def plain(content: bytes) -> str:
    """What a reader of the answer can find in it; office files are zips of XML."""
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            content = b"\n".join(archive.read(name) for name in archive.namelist())
    return content.decode("utf-8", "replace")


def shown(guest: Guest, paths: list[str]) -> list[str]:
    return [path for path in paths if CANARY in plain(guest.get(_filled(path)).content)]


@pytest.mark.parametrize("who", ["cleo", "hoa"])
def test_no_door_shows_one_agency_the_words_of_another(secretive: House, who: str) -> None:
    assert shown(secretive.enter(who), GETS) == []


def test_the_canary_sings_where_it_may(secretive: House) -> None:
    """Else the test above would prove nothing."""
    assert len(shown(secretive.enter("chi"), GETS)) >= 4
    assert len(shown(secretive.enter("ben"), GETS)) >= 2


@pytest.mark.parametrize(
    "query",
    [
        f"/nhiem-vu?q={CANARY}",
        "/nhiem-vu?q=GS14-01",
        f"/api/v1/directives?q={CANARY}",
        "/api/v1/directives?lead=sct",
    ],
)
def test_a_search_neither_shows_nor_counts_what_is_not_ours(secretive: House, query: str) -> None:
    cleo = secretive.enter("cleo")
    found, nothing = cleo.get(query), cleo.get(query.partition("=")[0] + "=khong-co-gi-ca-xyz")
    said = {found.text.replace(CANARY, "").replace("GS14-01", "").replace("sct", "")}
    assert found.status_code in (200, 422, 404)
    assert CANARY not in found.text.replace(f"q={CANARY}", "").replace(f'value="{CANARY}"', "")
    assert len(said) == 1
    assert nothing.status_code in (200, 422, 404)


def drained(house: House, smtp: SmtpServer, moment: datetime) -> None:
    post = Post(
        transaction=partial(writing, house.engine),
        channel=parse_channel(smtp.url),
        sender=Sender("Đôn đốc <d@d.example>", Site(base_url="https://d.example", contact="a@d.example")),
        now=lambda: moment,
        real_now=lambda: moment,
        zone="Asia/Ho_Chi_Minh",
    )
    post.drain()


def test_no_mail_to_another_agency_has_the_words(house: House, smtp_server: SmtpServer) -> None:
    house.world.issue("GS14-01", date(2026, 9, 25), title=CANARY, product=CANARY)
    house.world.issue("GS14-02", date(2026, 9, 25), coordinating=("syt",))
    drained(house, smtp_server, at(date(2026, 8, 20), 9, 1))
    house.world.night(NIGHT)
    drained(house, smtp_server, at(NIGHT, 8))
    told: dict[str, str] = {}
    for mail in smtp_server.mails():
        parts = [str(part.get_content()) for part in mail.walk() if part.get_content_maintype() == "text"]
        told[mail["To"]] = told.get(mail["To"], "") + " ".join([mail.as_string(), *parts])
    singing = {to.partition("<")[2].partition("@")[0] for to, said in told.items() if CANARY in said}
    assert "ben" in singing
    assert any("cleo@" in to for to in told)
    assert not singing & {"cleo", "hoa"}


COMMANDS = (
    ("directive", "list"), ("directive", "list", "--json"), ("directive", "show", "GS14-01"), ("status",),
    ("sweep", "show", "2026-09-11", "--lines"), ("message", "list"), ("audit", "export"), ("agency", "list"),
    ("directive", "explain", "GS14-01"), ("supervision", "list"), ("sweep", "tonight", "--all"),
)  # fmt: skip


def test_no_command_in_the_name_of_another_agency_says_the_words(
    secretive: House, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {
        "HOME": secretive.settings.home, "DATABASE_URL": database_url, "LOG_LEVEL": "ERROR",
        "CLOCK_FILE": secretive.settings.clock_file,
    }.items():  # fmt: skip
        monkeypatch.setenv(f"DONDOC_{name}", str(value))
    shell = Shell(tmp_path)
    answers = {words: shell(*words, who="cleo") for words in COMMANDS}
    assert [words for words, answer in answers.items() if CANARY in answer.out + answer.err] == []
    assert CANARY in shell("directive", "show", "GS14-01", who="ben").out


@pytest.fixture
def marked_up(house: House) -> House:
    house.world.issue("GS14-01", date(2026, 9, 25), title=MARKUP, product=MARKUP)
    for move, given in (
        ("progress", {"text": MARKUP}),
        ("report", {"text": MARKUP, "evidence": (Evidence(MARKUP),)}),
    ):
        house.world.move("ben", "GS14-01", move, **given)
    house.nights(NIGHT)
    return house


def test_markup_in_any_field_stays_text_on_every_page(marked_up: House) -> None:
    for who in ("quan", "ben"):
        guest = marked_up.enter(who)
        for path in GETS:
            answer = guest.get(_filled(path))
            if "html" in answer.headers.get("content-type", ""):
                assert "<svg onload" not in answer.text, path
                assert "<script>alert" not in answer.text, path
                assert ">49<" not in answer.text, path


@pytest.fixture
def in_chromium(tmp_path: Path, schema_templates: SchemaTemplates) -> Iterator[House]:
    engine = open_database(schema_templates.copy_of_sqlite(tmp_path / "browser.db"))
    port = free_port()
    house = House(engine, tmp_path, base_url=f"http://127.0.0.1:{port}")
    house.world.issue("GS14-01", date(2026, 9, 25), title=MARKUP, product=MARKUP)
    house.world.move("ben", "GS14-01", "report", text=MARKUP, evidence=(Evidence(MARKUP),))
    house.world.night(NIGHT)
    post = Post(
        transaction=partial(writing, engine),
        channel=parse_channel(house.settings.smtp_url),
        sender=Sender("Đôn đốc <d@d.example>", Site(base_url=house.settings.base_url, contact="a@d.example")),
        now=lambda: at(date(2026, 8, 20), 9, 1),
        real_now=lambda: at(date(2026, 8, 20), 9, 1),
        zone="Asia/Ho_Chi_Minh",
    )
    post.drain()
    with serving(house.app, port):
        yield house
    engine.dispose()


def test_no_canary_runs_in_a_real_browser(in_chromium: House) -> None:
    """Pages, and the HTML part of a mail opened as a file, without our headers to guard it."""
    with sync_playwright() as playwright:
        browser = launched(playwright)
        watched = Watched(browser, in_chromium.settings.base_url)
        opened: list[str] = []

        def dismissed(dialog: Dialog) -> None:
            opened.append(dialog.message)
            dialog.dismiss()

        watched.page.on("dialog", dismissed)
        watched.enter(in_chromium.link("chi"))
        for path in (
            "/",
            "/nhiem-vu",
            "/nhiem-vu/GS14-01",
            "/nhiem-vu/GS14-01/cach-tinh",
            "/don-doc",
            "/luot-quet/2026-09-11",
        ):
            watched.page.goto(path)
            assert watched.page.locator("svg[onload]").count() == 0, path
            assert watched.page.locator("script").count() == 0, path
        naked = browser.new_page()
        naked.on("dialog", dismissed)
        seen = 0
        for mail in html_parts(in_chromium.settings.home):
            naked.set_content(mail)
            assert naked.locator("svg[onload], script").count() == 0
            seen += 1
        assert seen >= 2
        assert opened == []
        browser.close()


def html_parts(home: Path) -> Iterator[str]:
    from email import message_from_bytes
    from email.policy import default

    for file in (home / "mailbox").rglob("*"):
        if file.is_file():
            body = message_from_bytes(file.read_bytes(), policy=default).get_body(("html",))
            if body is not None:
                yield body.get_content()


SECRETS = ("mat-khau-chim-bao-bao-9x", "0f" * 20)


def test_no_secret_reaches_the_log(house: House, caplog: pytest.LogCaptureFixture) -> None:
    """Passwords typed, tokens of links, form keys: whatever is done with them, no line has them."""
    lines: list[str] = []

    def keep(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> NoReturn:
        lines.append(str(event))
        raise structlog.DropEvent

    with caplog.at_level(logging.DEBUG):
        structlog.configure(processors=[keep], cache_logger_on_first_use=False)
        try:
            guest = Guest(house.browser())
            guest.send("/dang-nhap", "/dang-nhap", email="ada@lamgiang.example", password=SECRETS[0])
            guest.get(f"/vao/{SECRETS[1]}")
            guest.get(f"/t/{SECRETS[1]}")
            guest.get("/api/v1/me", headers={"authorization": f"Bearer {SECRETS[1]}"})
            token = house.link("ada")
            guest.send(f"/vao/{token}", f"/vao/{token}")
            key = guest.key("/toi")
        finally:
            structlog.reset_defaults()
    ours = [
        one.getMessage() for one in caplog.records if not one.name.startswith("http")
    ]  # the test's own client
    assert lines
    said = "\n".join([*lines, *ours])
    assert [secret for secret in (*SECRETS, token, key) if secret in said] == []
