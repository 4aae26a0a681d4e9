"""The whole story as a user starts it: real worker, real broker, real relay, on both kinds of installation."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.servers.postgres import PostgresServer
from tests.servers.redis import RedisServer

ROOT = Path(__file__).resolve().parents[2]
FIGURES = re.compile(
    r"due (?P<due>\d+), handed over (?P<handed_over>\d+), lost (?P<lost>\d+), doubled (?P<doubled>\d+), "
    r"marked repeats (?P<repeats>\d+); steps promised (?P<promised>\d+), missing (?P<missing>\d+); "
    r"fingerprint (?P<fingerprint>\w+)"
)


def play(home: Path, *options: str, **settings: str) -> dict[str, str]:
    env = {name: value for name, value in os.environ.items() if not name.startswith("DONDOC_")}
    env |= {"DONDOC_HOME": str(home), **settings}
    command = [sys.executable, "-m", "cli.main", "--lang", "en", "demo", "--no-serve", *options]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=280)
    found = FIGURES.search(done.stdout)
    assert found, done.stdout[-2000:] + done.stderr[-4000:]
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    return found.groupdict()


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return play(tmp_path_factory.mktemp("embedded"))


@pytest.mark.timeout(300)
def test_the_embedded_story_loses_and_doubles_nothing(embedded: dict[str, str]) -> None:
    assert (embedded["lost"], embedded["doubled"], embedded["missing"]) == ("0", "0", "0")
    assert embedded["due"] == embedded["handed_over"]
    assert int(embedded["promised"]) > 25


@pytest.mark.timeout(300)
def test_killing_parts_and_the_broker_changes_no_mail(embedded: dict[str, str], tmp_path: Path) -> None:
    wounded = play(tmp_path, "--chaos")
    assert (wounded["lost"], wounded["doubled"]) == ("0", "0")
    assert wounded["fingerprint"] == embedded["fingerprint"]


@pytest.mark.timeout(300)
def test_postgresql_and_redis_tell_the_same_story(
    embedded: dict[str, str], tmp_path: Path, postgres: PostgresServer, redis_server: RedisServer
) -> None:
    name = postgres.create_database()
    production = play(
        tmp_path,
        DONDOC_DATABASE_URL=postgres.url(name),
        DONDOC_BROKER_URL=redis_server.url,
        DONDOC_WORKER_PROCESSES="2",
    )
    assert (production["lost"], production["doubled"], production["missing"]) == ("0", "0", "0")
    assert production["fingerprint"] == embedded["fingerprint"]
