"""Bytes of received mails are kept for their term, and longer while a person must still place the mail."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from config import received
from config.database import writing
from config.instant import real_now
from config.settings import Settings
from tasks import jobs
from workflow.models.inbound import InboundMail, InboundOutcome

LONG_AGO = timedelta(days=500)


@pytest.fixture
def home(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    settings = Settings(home=tmp_path)
    monkeypatch.setattr(jobs, "settings", lambda: settings)
    monkeypatch.setattr(jobs, "engine", lambda: engine)
    return tmp_path


def came(engine: Engine, home: Path, words: str, outcome: InboundOutcome, ago: timedelta) -> str:
    name = received.keep(home, words.encode())
    at = real_now() - ago
    os.utime(received.folder(home) / name, (at.timestamp(), at.timestamp()))
    with writing(engine) as db:
        db.add(
            InboundMail(
                received_at=at, header_id=f"<{words}@x>", body_hash=name[:64], sender="ben@x.example", sender_name="",
                subject=words, outcome=outcome, stored_as=name, size=len(words),
            )
        )  # fmt: skip
    return name


def test_only_what_is_old_and_settled_goes(engine: Engine, home: Path) -> None:
    old = came(engine, home, "old", InboundOutcome.APPLIED, LONG_AGO)
    waiting = came(engine, home, "waiting", InboundOutcome.HELD, LONG_AGO)
    young = came(engine, home, "young", InboundOutcome.APPLIED, timedelta(days=399))
    assert jobs.forget_received(real_now()) == 1
    assert {one.name for one in received.folder(home).iterdir()} == {waiting, young}
    assert received.keep(home, b"old") == old, "the same mail again is kept again"


def test_a_copy_that_came_lately_keeps_the_bytes(engine: Engine, home: Path) -> None:
    name = came(engine, home, "twice", InboundOutcome.DISCARDED, LONG_AGO)
    received.keep(home, b"twice")
    assert jobs.forget_received(real_now()) == 0
    assert received.read(home, name) == b"twice"


def test_without_any_mail_there_is_nothing_to_forget(home: Path) -> None:
    assert jobs.forget_received(real_now()) == 0
