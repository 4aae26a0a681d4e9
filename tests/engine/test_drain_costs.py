"""What mails cost on their way out, in work that can be counted: questions, log and waits for the relay.

Bounds are what was measured and a little room; whoever passes one has made every mail dearer.
"""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bench import province
from bench.drain import AT_NIGHT
from bench.drain_runs import AT_EIGHT
from bench.province import NIGHT, Size
from bench.spent import Meter
from config.database import writing
from notifications import sent_journal
from notifications.delivery import Post
from notifications.facts import Site
from notifications.packing import Sender
from notifications.sent_journal import SentJournal
from notifications.smtp import parse_channel
from tests.servers.smtp import SmtpServer
from tests.servers.turns import Wire
from workflow.sweep.run import sweep

MAILS = 200
SITE = Site("https://dondoc.lamgiang.example", "thuky@lamgiang.example", (b"a key of this test alone",))
TURNS = 2
"""What is said before the text, and the text; nothing else is waited for where the relay takes commands at once."""
STATEMENTS = 2
WAL = 16_000


@pytest.fixture
def wire(smtp_server: SmtpServer) -> Iterator[Wire]:
    wire = Wire(smtp_server.port)
    yield wire
    wire.close()


@pytest.fixture
def post(engine: Engine, wire: Wire, tmp_path: Path) -> Post:
    province.fill(engine, Size(MAILS, 1.0, agencies=2 * MAILS))
    sweep(partial(writing, engine), NIGHT, AT_NIGHT)
    return Post(
        transaction=partial(writing, engine), channel=parse_channel(f"smtp://127.0.0.1:{wire.port}?starttls=never"),
        sender=Sender("Đôn đốc <dondoc@lamgiang.example>", SITE), now=lambda: AT_EIGHT, real_now=lambda: AT_EIGHT,
        zone="Asia/Ho_Chi_Minh", journal=SentJournal(tmp_path / sent_journal.NAME),
    )  # fmt: skip


def test_a_mail_is_a_few_waits_and_questions_and_a_bounded_piece_of_log(
    engine: Engine, post: Post, wire: Wire
) -> None:
    meter = Meter(engine)
    meter.start()
    sent = post.drain()["handed_over"]
    spent = meter.spent()
    assert sent >= MAILS / 2
    assert wire.connections == 1
    assert wire.turns <= TURNS * sent + 4
    assert spent.statements <= STATEMENTS * sent
    assert spent.wal <= WAL * sent
