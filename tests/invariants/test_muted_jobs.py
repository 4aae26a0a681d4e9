"""I17: the jobs of a restored or copied database, rung as the clock rings them."""

import socket
import threading
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from config.database import reading, writing
from config.settings import Settings
from notifications import identity
from notifications.identity import Muted
from tasks import inbound, jobs
from tasks.backup import tables
from tests.world import World, at
from workflow import instance

NIGHT = date(2026, 9, 11)
MUTE: dict[str, Callable[[], object]] = {
    "sweep": lambda: jobs.sweep_night(NIGHT.isoformat()),
    "deliver": jobs.deliver,
    "webhooks": jobs.call_webhooks,
    "seal": jobs.seal,
    "reports": jobs.reports,
    "housekeeping": jobs.housekeeping,
}


@pytest.fixture
def mailbox() -> Iterator[socket.socket]:
    """Somebody's mailbox: it would notice any caller."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setblocking(False)
        yield listening


@pytest.fixture
def copy(world: World, mailbox: socket.socket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """Rows of another home than the one the jobs run in."""
    home, elsewhere = tmp_path / "home", tmp_path / "elsewhere"
    home.mkdir()
    elsewhere.mkdir()
    identity.settle(world.engine, elsewhere, at(world.today))
    (home / "clock").write_text(at(NIGHT, 8).isoformat())
    address = f"imap://a:b@127.0.0.1:{mailbox.getsockname()[1]}"
    settings = Settings(
        home=home,
        clock_file=home / "clock",
        smtp_url=f"mailbox:{home}/box",
        imap_url=address,
        reply_address="tra-loi@lamgiang.example",
    )
    for module in (jobs, inbound):
        monkeypatch.setattr(module, "settings", lambda: settings)
        monkeypatch.setattr(module, "engine", lambda: world.engine)
    return world


@pytest.fixture
def world(engine: Engine) -> World:
    world = World(engine, today=date(2026, 8, 20))
    world.issue("GS14-01", due=date(2026, 9, 25))
    return world


def everything(world: World) -> dict[str, list[tuple[object, ...]]]:
    with reading(world.engine) as db:
        return {
            table.name: [tuple(row) for row in db.execute(select(table).order_by(*table.primary_key.columns))]
            for table in tables()
        }


@pytest.mark.parametrize("name", MUTE)
def test_a_copy_does_nothing_that_leaves_it_destroys_or_vouches(
    copy: World, tmp_path: Path, name: str
) -> None:
    before = everything(copy)
    with pytest.raises(Muted):
        MUTE[name]()
    assert everything(copy) == before
    assert not {"anchors.log", "sent.jsonl", "box"} & {path.name for path in (tmp_path / "home").iterdir()}


def test_a_copy_never_opens_the_mailbox_of_answers(copy: World, mailbox: socket.socket) -> None:
    inbound.receive()
    with pytest.raises(BlockingIOError):
        mailbox.accept()


def test_the_installation_itself_does_open_it(copy: World, mailbox: socket.socket, tmp_path: Path) -> None:
    with writing(copy.engine) as db:
        words = instance.identity(db)
    assert words is not None
    identity.noted(tmp_path / "home", words)
    mailbox.setblocking(True)
    caller: list[socket.socket] = []

    def hang_up() -> None:
        connection, _ = mailbox.accept()
        caller.append(connection)
        connection.close()

    answering = threading.Thread(target=hang_up, daemon=True)
    answering.start()
    inbound.receive()
    answering.join(5)
    assert caller
