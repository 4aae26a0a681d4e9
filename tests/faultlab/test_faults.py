"""The short form of the fault lab: every fault once or a few times, on the database it means most to.

`python -m tests.faultlab --long` is the long form, on both.
"""

from itertools import count
from pathlib import Path

import pytest

from tasks.selftest import planning, sending
from tasks.selftest.faults import FAULTS, Fault, lines
from tasks.selftest.stage import NewDatabase, Row, Size
from tests.faultlab import correspondence, outside, releases, starting
from tests.servers.postgres import PostgresServer
from tests.servers.redis import RedisServer

pytestmark = pytest.mark.timeout(300)  # real processes, killed and restarted, on a machine that may be busy

SHORT = Size(seed=14, agencies=30, kills=5, moves=1)
ON_SQLITE = (sending.senders_killed, planning.sweep_killed, planning.sweeps_at_once, planning.poison)


@pytest.fixture
def on_postgresql(postgres: PostgresServer) -> NewDatabase:
    return lambda: postgres.url(postgres.create_database())


@pytest.fixture
def on_sqlite(tmp_path: Path) -> NewDatabase:
    numbers = count()
    return lambda: f"sqlite:///{tmp_path}/{next(numbers)}.db"


def passed(row: Row) -> None:
    assert row.passed, "\n".join(lines([row]))
    assert row.n > 0


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_nothing_is_lost_on_postgresql(fault: Fault, tmp_path: Path, on_postgresql: NewDatabase) -> None:
    passed(fault(tmp_path, on_postgresql, SHORT))


@pytest.mark.parametrize("fault", ON_SQLITE, ids=lambda fault: fault.__name__)
def test_nothing_is_lost_on_sqlite(fault: Fault, tmp_path: Path, on_sqlite: NewDatabase) -> None:
    passed(fault(tmp_path, on_sqlite, SHORT))


@pytest.mark.parametrize("place", ["claim.done", "smtp.body", "smtp.dot"])
def test_a_death_before_the_final_dot_doubles_nothing_and_one_after_it_doubles_one(
    place: str, tmp_path: Path, on_sqlite: NewDatabase
) -> None:
    lost, duplicates = sending.duplicates_of(place, tmp_path, on_sqlite())
    assert (lost, duplicates) == (0, sending.ALLOWED.get(place, 0))


def test_a_death_between_the_answers_and_their_marks_doubles_nothing_on_this_host(
    tmp_path: Path, on_postgresql: NewDatabase
) -> None:
    """A whole group is in flight; the sent journal knows it."""
    assert sending.duplicates_of("mark.commit", tmp_path, on_postgresql()) == (0, 0)


def test_postgresql_may_lose_its_power_under_the_senders(postgres: PostgresServer, tmp_path: Path) -> None:
    passed(
        outside.postgres_crashes(postgres, tmp_path, lambda: postgres.url(postgres.create_database()), SHORT)
    )


def test_every_connection_may_be_cut(
    postgres: PostgresServer, tmp_path: Path, on_postgresql: NewDatabase
) -> None:
    passed(outside.connections_ended(postgres, tmp_path, on_postgresql, SHORT))


def test_redis_may_vanish_while_mails_leave(
    redis_server: RedisServer, tmp_path: Path, on_postgresql: NewDatabase
) -> None:
    passed(outside.broker_lost(redis_server, tmp_path, on_postgresql, SHORT))


def test_an_sqlite_file_stays_whole_under_kills_readers_and_copies(
    tmp_path: Path, on_sqlite: NewDatabase
) -> None:
    passed(outside.sqlite_killed(tmp_path, on_sqlite, SHORT))


def test_a_full_disk_is_one_sentence_and_loses_nothing(tmp_path: Path, on_sqlite: NewDatabase) -> None:
    passed(outside.disk_full(tmp_path, on_sqlite, SHORT))


def test_files_that_may_not_grow_are_one_sentence_and_lose_nothing(tmp_path: Path) -> None:
    passed(outside.files_limited(tmp_path, tmp_path))


def test_two_releases_share_a_database_during_an_upgrade(tmp_path: Path, on_postgresql: NewDatabase) -> None:
    passed(releases.upgraded(tmp_path, on_postgresql, SHORT))


def test_a_machine_without_zones_is_told_so_and_a_plain_locale_is_no_fault(
    tmp_path: Path, on_sqlite: NewDatabase
) -> None:
    passed(starting.zones_missing(tmp_path, on_sqlite, SHORT))


@pytest.mark.parametrize("fault", [correspondence.mail_loop, correspondence.forged_reports])
def test_what_machines_write_to_us_ends_no_address_and_begins_no_loop(
    fault: Fault, tmp_path: Path, on_sqlite: NewDatabase
) -> None:
    passed(fault(tmp_path, on_sqlite, SHORT))
