"""The how-to pages are followed on a small world: every command they name is run, in their order."""

import shlex
from datetime import date
from importlib import resources
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlmodel import col

from config.database import writing
from tests.cli.conftest import Shell
from tests.docs.documents import ROOT, mentions
from tests.importing.test_table import HEADING, _book
from tests.world import World, at
from workflow.models.message import Message, MessageStatus

STANDS_FOR = {
    "EMAIL": "huy@lamgiang.example",
    "OLD": "huy@lamgiang.example",
    "NEW": "huy.moi@lamgiang.example",
    "ĐỊA_CHỈ_MỚI": "huy.moi@lamgiang.example",
    "ID": "1",
    "CALL": "1",
    "TỆP": "luu.tar",
    "TỆP_NEO": "neo.log",
    "NGÀY": "21/08/2026",
    "DD/MM/YYYY": "21/08/2026",
    "$RECEIVER": "https://93.184.216.34/nghe",
    "thuky@…": "ada@lamgiang.example",
    "truongdoan@…": "chi@lamgiang.example",
    "thuky@tinh.example": "ada@lamgiang.example",
    "vanthu@sct.example": "ben@lamgiang.example",
    "12": "1",
}
APART = ("up", "watch", "selftest", "serve", "db restore")
"""Programs that do not end, what takes an empty database: run by tests of their own."""
SAID_AS_WELL = {"policy", "simulate", "message channel", "db backup"}
"""Commands the prose names without their arguments, which it shows elsewhere."""
ENDS = {"doctor": {0, 4}, "status": {0, 4}, "message channel --retry": {1}, "webhook resend CALL": {3}}
"""Where the truth is not 0: no worker and no clock run here, the channel is in order, no call is dead."""
HOW_TO = sorted((ROOT / "docs" / "how-to").glob("*.md"))


def played(page: Path) -> list[str]:
    return [
        one for one in mentions(page) if not one.startswith(APART) and one.split(" #")[0] not in SAID_AS_WELL
    ]


HOLIDAY = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Lam Giang//Lich//VI
BEGIN:VEVENT
UID:nghi-1@lamgiang.example
DTSTAMP:20261101T000000Z
DTSTART;VALUE=DATE:20270903
SUMMARY:Nghỉ Quốc khánh thêm một ngày
END:VEVENT
END:VCALENDAR
"""
RULES = resources.files("config")
FILES = {
    "khan.yaml": (RULES / "policies" / "default.yaml").read_text(encoding="utf-8"),
    "vong-doi.yaml": (RULES / "lifecycles" / "directive.yaml")
    .read_text(encoding="utf-8")
    .replace("in_progress", "doing"),
    "map.yaml": "defaults: {supervision: GS14}\n",
    "neo.log": "",
    "nghi.ics": HOLIDAY,
}
LATER = {"monthly-report": date(2026, 10, 1)}


@pytest.fixture
def desk(world: World, shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """Friday, a delegation with five directives and one mail refused, and the files people have at hand."""
    monkeypatch.chdir(tmp_path)
    for number in range(1, 6):
        world.issue(f"GS14-0{number}", due=date(2026, 9, 10 + number))
    world.nights(date(2026, 8, 21), deliver=False)
    with writing(world.engine) as db:
        db.execute(update(Message).where(col(Message.id) == 1).values(status=MessageStatus.REJECTED))
    for name, value in {"ISSUER": "https://id.lamgiang.example", "CLIENT_ID": "dondoc"}.items():
        monkeypatch.setenv(f"DONDOC_OIDC_{name}", value)
    shell.set_now(at(world.today))
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    row = [90, "Rà soát", "Sở Y tế", date(2026, 1, 5), date(2026, 12, 30), "", None]
    for name in ("so.xlsx", "so-theo-doi.xlsx"):
        (tmp_path / name).write_bytes(_book([*HEADING, "Cuộc giám sát"], [*row, "GS14"]))
    (tmp_path / "vi" / "reminder").mkdir(parents=True)
    return shell


def typed(command: str, shell: Shell) -> tuple[int, str]:
    command, _, target = command.partition(" > ")
    words = [STANDS_FOR.get(word, word) for word in shlex.split(command, comments=True)]
    done = shell("--yes", *words, stdin="cầu vồng trên sông\n" * 2)
    if target:
        Path(target.strip()).write_text(edited(done.out), encoding="utf-8")
    return done.code, done.out + done.err


def edited(text: str) -> str:
    """What the reader does to a file he was told to edit."""
    return text.replace("08:00", "08:15")


@pytest.mark.parametrize("guide", [one for one in HOW_TO if played(one)], ids=lambda one: one.stem)
def test_every_command_of_the_page_does_what_it_is_for(guide: Path, desk: Shell) -> None:
    if guide.stem in LATER:
        desk.set_now(at(LATER[guide.stem]))
    failed = []
    for command in played(guide):
        code, said = typed(command, desk)
        if code not in ENDS.get(command, {0}):
            failed.append(f"{command}: exit {code}\n{said}")
    assert not failed, "\n".join(failed)
