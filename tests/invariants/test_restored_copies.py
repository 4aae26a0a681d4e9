"""I17: a restored or copied database is mute until released, and then sends nothing a second time."""

import json
import tarfile
from collections.abc import Callable, Iterator
from datetime import date, datetime
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlmodel import col

from config import schema
from config.database import open_database, reading, writing
from notifications import identity, sent_journal
from notifications.delivery import Post
from notifications.facts import Site
from notifications.identity import Muted
from notifications.packing import Sender
from notifications.sent_journal import SentJournal
from notifications.smtp import parse_channel
from tasks.backup import BackupUnreadable, NotEmpty, back_up, restore, tables
from tests.cli.conftest import Shell
from tests.servers.smtp import SmtpServer
from tests.world import World, at
from workflow import audit
from workflow.models.event import Event
from workflow.models.instance import Instance
from workflow.models.message import Message, MessageStatus

NIGHT = date(2026, 9, 11)
EIGHT = at(NIGHT, 8)
NewEngine = Callable[[], Engine]


@pytest.fixture
def another(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> Iterator[NewEngine]:
    """Empty databases of the same kind, without a table."""
    made: list[Engine] = []

    def new() -> Engine:
        if database_url.startswith("sqlite"):
            url = f"sqlite:///{tmp_path / f'restored{len(made)}.db'}"
        else:
            server = request.getfixturevalue("postgres")
            url = server.url(server.create_database())
        made.append(open_database(url))
        return made[-1]

    yield new
    for engine in made:
        engine.dispose()


def live(world: World, home: Path, smtp: SmtpServer) -> None:
    """One month of a small installation: acts, a night, mails handed over."""
    identity.settle(world.engine, home, at(world.today))
    world.issue("GS14-01", due=date(2026, 9, 25), coordinating=("syt",))
    world.move("ben", "GS14-01", "acknowledge")
    drain(world.engine, home, smtp, at(world.today))
    world.night(NIGHT)
    (home / "files").mkdir()
    (home / "files" / "abc").write_bytes(b"evidence")
    drain(world.engine, home, smtp)


def drain(engine: Engine, home: Path, smtp: SmtpServer, now: datetime = EIGHT) -> dict[str, int]:
    with reading(engine) as db:
        identity.check(db, home)
    post = Post(
        transaction=partial(writing, engine), channel=parse_channel(smtp.url),
        sender=Sender("Đôn đốc <dondoc@lamgiang.example>", Site(base_url="https://d.example", contact="a@d.example")),
        now=lambda: now, real_now=lambda: now, zone="Asia/Ho_Chi_Minh",
        journal=SentJournal(home / sent_journal.NAME),
    )  # fmt: skip
    return dict(post.drain())


def rows(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    with reading(engine) as db:
        return {
            table.name: [tuple(row) for row in db.execute(select(table).order_by(*table.primary_key.columns))]
            for table in tables()
        }


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "live"
    home.mkdir()
    return home


@pytest.fixture
def lived(engine: Engine, home: Path, smtp_server: SmtpServer) -> World:
    world = World(engine, today=date(2026, 8, 20))
    live(world, home, smtp_server)
    return world


def test_a_backup_taken_and_restored_is_the_same_to_the_row(
    lived: World, home: Path, another: NewEngine, tmp_path: Path
) -> None:
    with writing(lived.engine) as db:
        audit.seal(db, at(NIGHT, 9))
    taken = back_up(lived.engine, home, tmp_path / "b.tar", at(NIGHT, 9))
    assert taken.rows["message"] >= 3
    there = tmp_path / "there"
    there.mkdir()
    restored = another()
    restore(restored, there, tmp_path / "b.tar")
    assert rows(restored) == rows(lived.engine)
    assert (there / "files" / "abc").read_bytes() == b"evidence"
    assert (there / sent_journal.NAME).read_bytes() == (home / sent_journal.NAME).read_bytes()
    with reading(restored) as db:
        assert audit.verify(db).intact
    schema.check(restored)


def test_new_rows_get_new_ids_after_a_restore(
    lived: World, home: Path, another: NewEngine, tmp_path: Path
) -> None:
    back_up(lived.engine, home, tmp_path / "b.tar", at(NIGHT, 9))
    restored = another()
    restore(restored, home, tmp_path / "b.tar")
    again = World.__new__(World)
    again.engine, again.today = restored, NIGHT
    again.issue("GS14-02", due=date(2026, 10, 30))
    assert len(again.messages()) > len(lived.messages())


def test_a_restore_into_a_database_with_rows_is_refused(lived: World, home: Path, tmp_path: Path) -> None:
    back_up(lived.engine, home, tmp_path / "b.tar", at(NIGHT, 9))
    before = rows(lived.engine)
    with pytest.raises(NotEmpty):
        restore(lived.engine, home, tmp_path / "b.tar")
    assert rows(lived.engine) == before


@pytest.mark.parametrize("harm", ["cut", "empty", "text"])
def test_a_damaged_backup_restores_nothing(
    lived: World, home: Path, another: NewEngine, tmp_path: Path, harm: str
) -> None:
    file = tmp_path / "b.tar"
    back_up(lived.engine, home, file, at(NIGHT, 9))
    whole = file.read_bytes()
    file.write_bytes({"cut": whole[: len(whole) // 2], "empty": b"", "text": b"hello" * 1000}[harm])
    restored = another()
    with pytest.raises(BackupUnreadable):
        restore(restored, home, file)
    if schema.revision(restored):
        assert not any(rows(restored).values())


def test_a_backup_that_writes_outside_home_is_kept_inside(
    lived: World, home: Path, another: NewEngine, tmp_path: Path
) -> None:
    file = tmp_path / "b.tar"
    back_up(lived.engine, home, file, at(NIGHT, 9))
    with tarfile.open(file, "a") as archive:
        for name in ("home/../evil", "home/files/../../evil", "home/secret_key", "/evil"):
            member = tarfile.TarInfo(name)
            archive.addfile(member)
    there = tmp_path / "there"
    there.mkdir()
    restore(another(), there, file)
    assert not list(tmp_path.rglob("evil"))
    assert not (there / "secret_key").exists()


def test_a_restored_database_is_mute(
    lived: World, home: Path, another: NewEngine, tmp_path: Path, smtp_server: SmtpServer
) -> None:
    back_up(lived.engine, home, tmp_path / "b.tar", at(NIGHT, 9))
    restored = another()
    restore(restored, home, tmp_path / "b.tar")
    smtp_server.empty()
    with pytest.raises(Muted, match="db release"):
        drain(restored, home, smtp_server)
    assert smtp_server.journal() == []


def test_a_database_put_back_by_hand_is_recognised_by_the_journal(
    engine: Engine, home: Path, smtp_server: SmtpServer
) -> None:
    world = World(engine, today=date(2026, 8, 20))
    live(world, home, smtp_server)
    with writing(engine) as db:  # what an older dump would not have
        last = sent_journal.last(home / sent_journal.NAME)
        assert last is not None
        message = db.scalars(select(Message).where(col(Message.key) == last.key)).one()
        message.key = "S:2026-01-01:1"
        db.add(message)
    with pytest.raises(Muted, match="sent journal"):
        drain(engine, home, smtp_server)


def test_after_the_release_nothing_is_sent_again_and_no_name_is_given_twice(
    shell: Shell, world: World, another: NewEngine, tmp_path: Path, smtp_server: SmtpServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """The backup is older than the mails: both the issue's and the night's are in the journal only."""
    home = shell.home
    identity.settle(world.engine, home, at(world.today))
    back_up(world.engine, home, tmp_path / "old.tar", at(world.today))
    live(world, home, smtp_server)
    sent = {entry["message_id"] for entry in smtp_server.journal()}
    assert len(sent) >= 3
    restored = another()
    monkeypatch.setenv("DONDOC_DATABASE_URL", restored.url.render_as_string(hide_password=False))
    assert shell("db", "restore", str(tmp_path / "old.tar")).code == 0
    assert shell("--yes", "sweep", "run", "--date", "2026-08-20").code == 75
    dry = shell("db", "release", "--dry-run")
    assert dry.code == 0
    assert identity.muted(restored, home) is not None
    answer = shell("--lang", "en", "--yes", "db", "release")
    assert answer.code == 0, answer.err
    assert f"{len(sent)} mails are written down as sent" in answer.out
    replayed = World.__new__(World)
    replayed.engine, replayed.today = restored, date(2026, 8, 20)
    replayed.issue("GS14-01", due=date(2026, 9, 25), coordinating=("syt",))
    replayed.move("ben", "GS14-01", "acknowledge")
    replayed.night(NIGHT)
    smtp_server.empty()
    drain(restored, home, smtp_server)
    again = [entry["message_id"] for entry in smtp_server.journal()]
    assert not sent & set(again)
    assert not any(one.startswith("<s.2026-09-11") for one in again), "the night was told already"
    with reading(restored) as db:
        released = db.scalars(select(Event).where(col(Event.act) == "instance.release")).one()
        assert released.detail == {"settled": len(sent), "unknown": 0}


def test_a_line_cut_off_by_a_crash_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "sent.jsonl"
    whole = {
        "key": "S:2026-09-11:1", "person_id": 1, "kind": "reminder", "night_on": "2026-09-11",
        "at": "2026-09-11T01:00:00+00:00", "address": "a@b.example", "header_id": "<x>", "response": "250",
    }  # fmt: skip
    path.write_text(json.dumps(whole) + "\n" + json.dumps(whole)[:40])
    assert [one.key for one in sent_journal.lines(path)] == ["S:2026-09-11:1"]
    last = sent_journal.last(path)
    assert last is not None
    assert last.key == "S:2026-09-11:1"


def test_an_upgrade_founds_an_identity_once_and_never_adopts_a_foreign_database(
    engine: Engine, tmp_path: Path
) -> None:
    here, there = tmp_path / "here", tmp_path / "elsewhere"
    here.mkdir()
    there.mkdir()
    identity.settle(engine, here, at(NIGHT))
    identity.settle(engine, here, at(NIGHT))
    identity.settle(engine, there, at(NIGHT))
    assert identity.muted(engine, here) is None
    assert identity.muted(engine, there) is not None
    with reading(engine) as db:
        assert db.get_one(Instance, "instance").identity == (here / "instance").read_text().strip()


def test_a_copy_takes_no_acts_by_command(shell: Shell, world: World) -> None:
    identity.settle(world.engine, shell.home, at(world.today))
    (shell.home / "instance").unlink()
    world.issue("GS14-01", due=date(2026, 9, 25))
    refused = shell("--lang", "en", "--yes", "directive", "acknowledge", "GS14-01", who="ben")
    assert refused.code == 75
    assert "dondoc db release" in refused.err
    assert [one.status for one in world.messages()] == [MessageStatus.PENDING]
