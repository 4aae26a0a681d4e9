"""A pooler by transaction may stand before PostgreSQL: nothing relies on a server session, nothing is left in one."""

import re
from collections.abc import Iterator
from datetime import date
from functools import partial
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Engine, text

from config.database import open_database, writing
from notifications import sent_journal
from notifications.delivery import Post
from notifications.facts import Site
from notifications.packing import Sender
from notifications.sent_journal import SentJournal
from notifications.smtp import parse_channel
from tests.servers.pooler import Pooler
from tests.servers.postgres import PostgresServer
from tests.servers.schema import SchemaTemplates
from tests.servers.smtp import SmtpServer
from tests.web.house import House
from tests.world import at

BACKENDS = 3
NIGHT = date(2026, 9, 11)
PAGES = ("/", "/nhiem-vu", "/nhiem-vu?q=khoang+san", "/nhiem-vu/GS14-01", "/co-quan", "/don-doc", "/lich")
OF_A_SESSION = re.compile(
    r"^\s*(SET\s+(?!LOCAL\b|TRANSACTION\b|CONSTRAINTS\b)|LISTEN\b|PREPARE\b|DISCARD\b|CREATE\s+(LOCAL\s+)?TEMP)"
    r"|\bWITH\s+HOLD\b|\bpg_(try_)?advisory_(lock|unlock)"
    r"|\bset_config\('\w+', '\w*', false\)",
    re.IGNORECASE,
)
LEFT = """SELECT pg_backend_pid(),
    (SELECT count(*) FROM pg_settings WHERE source = 'session'),
    (SELECT count(*) FROM pg_prepared_statements),
    (SELECT count(*) FROM pg_listening_channels()),
    (SELECT count(*) FROM pg_cursors WHERE is_holdable),
    (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'),
    (SELECT count(*) FROM pg_class WHERE relpersistence = 't')"""


@pytest.fixture
def pooler(postgres: PostgresServer, schema_templates: SchemaTemplates) -> Iterator[Pooler]:
    name = postgres.create_database(template=schema_templates.of_postgres(postgres))
    pooler = Pooler(postgres.folder, name, BACKENDS)
    yield pooler
    pooler.close()
    postgres.drop_database(name)


@pytest.fixture
def engine(pooler: Pooler) -> Iterator[Engine]:
    engine = open_database(pooler.url)
    yield engine
    engine.dispose()


def _left(pooler: Pooler) -> dict[int, tuple[int, ...]]:
    """Of each backend, by its process: what its session still holds."""
    found = {}
    with psycopg.connect(
        host=str(pooler.folder), user="postgres", autocommit=True, prepare_threshold=None
    ) as plain:
        for _ in range(2 * BACKENDS):
            pid, *counts = plain.execute(LEFT).fetchone() or ()
            found[pid] = tuple(counts)
    return found


def _days(engine: Engine, home: Path, smtp: SmtpServer) -> int:
    """Acts, two nights, some pages and the mails; answers how many left."""
    house = House(engine, home, date(2026, 9, 9))
    house.world.issue("GS14-01", due=date(2026, 9, 25), coordinating=("syt",))
    house.world.issue("GS14-02", due=date(2026, 9, 11))
    house.world.move("ben", "GS14-01", "acknowledge")
    secretary, clerk = house.enter("ada"), house.enter("ben")
    house.world.nights(NIGHT, deliver=False)
    house.today(NIGHT)
    for guest, pages in ((secretary, PAGES), (clerk, PAGES[:4])):
        for page in pages:
            assert guest.client.get(page).status_code == 200, page
    eight = at(NIGHT, 8)
    post = Post(
        transaction=partial(writing, engine), channel=parse_channel(smtp.url),
        sender=Sender("Đôn đốc <dondoc@lamgiang.example>", Site(base_url="https://d.example", contact="a@d.example")),
        now=lambda: eight, real_now=lambda: eight, zone="Asia/Ho_Chi_Minh",
        journal=SentJournal(home / sent_journal.NAME),
    )  # fmt: skip
    return post.drain()["handed_over"]


def test_this_pooler_gives_every_transaction_another_session(pooler: Pooler, engine: Engine) -> None:
    with engine.connect() as connection:
        connection.execute(text("SET application_name = 'ours'"))
        connection.commit()
        found = connection.scalar(text("SHOW application_name"))
    assert found != "ours"
    assert sum(any(counts) for counts in _left(pooler).values()) == 1


def test_acts_nights_mails_and_pages_need_nothing_of_a_session_and_leave_nothing_in_one(
    pooler: Pooler, engine: Engine, tmp_path: Path, smtp_server: SmtpServer
) -> None:
    assert _days(engine, tmp_path, smtp_server) == len(smtp_server.journal()) > 0
    assert pooler.swaps > 50
    assert [match[0] for statement in pooler.statements if (match := OF_A_SESSION.search(statement))] == []
    assert pooler.prepared == []
    left = _left(pooler)
    assert len(left) == BACKENDS
    assert not any(any(counts) for counts in left.values()), left


@pytest.mark.parametrize(
    "statement",
    [
        "SET search_path TO x", "set session statement_timeout = 5", "LISTEN mails", "SELECT pg_advisory_lock(1)",
        "SELECT pg_try_advisory_lock(1)", "CREATE TEMP TABLE t (a int)", "PREPARE p AS SELECT 1",
        "SELECT set_config('lock_timeout', '1s', false)", "DECLARE c CURSOR WITH HOLD FOR SELECT 1",
    ],
)  # fmt: skip
def test_a_statement_that_stays_in_a_session_is_recognised(statement: str) -> None:
    assert OF_A_SESSION.search(statement)
