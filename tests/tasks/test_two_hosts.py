"""Senders on two hosts share one outbox; each keeps the sent journal of its own home."""

import shutil
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlmodel import col

from config.database import reading
from notifications import sent_journal
from tasks.selftest.lab import wait_for
from tasks.selftest.stage import Stage, staged
from tests.servers.postgres import PostgresServer
from workflow.models.message import Message, MessageStatus

pytestmark = pytest.mark.timeout(180)

EACH_SENT = 10


def _sent(home: Path) -> set[str]:
    return {line.key for line in sent_journal.lines(home / sent_journal.NAME)}


def _marked(stage: Stage) -> set[str]:
    with reading(stage.lab.engine) as db:
        handed_over = col(Message.status) == MessageStatus.HANDED_OVER
        return set(db.scalars(select(col(Message.key)).where(handed_over)))


def _another_home(stage: Stage, folder: Path) -> Path:
    """As an operator sets up a second host: the same words in `instance`, a journal of its own."""
    folder.mkdir()
    if (stage.lab.home / "instance").exists():
        shutil.copy(stage.lab.home / "instance", folder)
    return folder


def test_a_host_finishes_what_another_one_left_and_repeats_only_what_that_one_had_not_marked(
    tmp_path: Path, postgres: PostgresServer
) -> None:
    url = postgres.url(postgres.create_database())
    with staged(tmp_path / "first", url, 150) as stage:
        here, there = stage.lab.home, _another_home(stage, tmp_path / "second")
        stage.lab.faults({"at": "data", "do": "delay", "seconds": 0.05})
        second = stage.lab.nursery(stage.port, DONDOC_HOME=str(there))
        second.ended()  # it answers, so both begin together
        dying, living = stage.nursery.fork("deliver"), second.fork("deliver")
        wait_for(lambda: min(len(_sent(here)), len(_sent(there))) >= EACH_SENT, "only one of two hosts sends")
        stage.nursery.kill(dying)
        unmarked = _sent(here) - _marked(stage)
        stage.lab.faults()
        wait_for(stage.is_empty, "the other host does not finish", 60)
        second.kill(living)
        verdict = stage.verdict()
        assert verdict.is_exact, str(verdict)
        assert verdict.duplicates <= len(unmarked) + 1, str(verdict)
        assert _sent(here) & _sent(there) == unmarked
        assert _sent(here) | _sent(there) == _marked(stage)
