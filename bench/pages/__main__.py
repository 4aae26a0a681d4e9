"""Times every page over a large register: `python -m bench.pages [--rows N] [--postgres] [--times N] [--json]`.

With `--while-draining`, on PostgreSQL, each page is timed twice: quiet, and while another process sends mails.

For each page: the queries it asks, the CPU it takes on both sides of the database, and the 50th and 95th
percentile of the whole answer in the server's own process, rendering included. The database is made anew; on
SQLite in a folder that is removed afterwards.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from sqlalchemy import Engine, event, select
from sqlmodel import col
from starlette.testclient import TestClient

from bench.pages.town import NOW, build
from bench.relay import sink
from bench.spent import cpu_of_all
from config import instant, schema
from config.database import open_database, writing
from config.logging import configure_logging
from config.settings import Settings
from tests.servers.postgres import PostgresServer
from web.app import create_app, settle
from workflow import accounts
from workflow.models.person import Person

BASE = "http://127.0.0.1:8000"
SECRETARY, CHAIR, CLERK, LEADER = (
    f"{name}@tinh.example" for name in ("thuky", "truong", "vanthu", "lanhdao")
)
PAGES = (
    ("overview", SECRETARY, "/"),
    ("overview, chair", CHAIR, "/"),
    ("overview, agency", CLERK, "/"),
    ("list", SECRETARY, "/nhiem-vu"),
    ("list, agency", CLERK, "/nhiem-vu"),
    ("list, leadership", LEADER, "/nhiem-vu"),
    ("list by code, last first", SECRETARY, "/nhiem-vu?sort=-code"),
    ("list by due, last first", SECRETARY, "/nhiem-vu?sort=-due"),
    ("list by agency", SECRETARY, "/nhiem-vu?sort=lead"),
    ("list by title", SECRETARY, "/nhiem-vu?sort=title"),
    ("list, overdue", SECRETARY, "/nhiem-vu?group=late"),
    ("list, level 3", SECRETARY, "/nhiem-vu?level=3"),
    ("list, one agency", SECRETARY, "/nhiem-vu?agency=cq007"),
    ("list, one supervision", SECRETARY, "/nhiem-vu?supervision=GS7"),
    ("search, common words", SECRETARY, "/nhiem-vu?q=khoang+san"),
    ("search, a code", SECRETARY, "/nhiem-vu?q=GS77-07"),
    ("search, agency's clerk", CLERK, "/nhiem-vu?q=khoang+san"),
    ("search, nothing found", SECRETARY, "/nhiem-vu?q=xyzzy"),
    ("directive", SECRETARY, "/nhiem-vu/GS77-07"),
    ("directive, agency", CLERK, None),
    ("conclusions", SECRETARY, "/ket-luan"),
    ("agencies", SECRETARY, "/co-quan"),
    ("agency", SECRETARY, "/co-quan/cq007"),
    ("calendar", SECRETARY, "/lich"),
    ("board", SECRETARY, "/don-doc"),
    ("sweeps", SECRETARY, "/luot-quet"),
)


def main() -> int:
    asked = _arguments()
    configure_logging("WARNING", "text")
    with (
        tempfile.TemporaryDirectory(prefix="dondoc-pages-") as folder,
        _database(asked, Path(folder)) as engine,
    ):
        began = time.perf_counter()
        build(engine, asked.rows)
        print(
            f"{asked.rows} directives, {engine.dialect.name}, made in {time.perf_counter() - began:.0f} s",
            file=sys.stderr,
        )
        measured = list(_measured(engine, Path(folder), asked))
    if asked.json:
        print(json.dumps(measured, indent=1))
    else:
        _show(measured)
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.pages", description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--times", type=int, default=20, help="answers measured of each page")
    parser.add_argument("--postgres", action="store_true", help="on a PostgreSQL started for it")
    parser.add_argument(
        "--while-draining", action="store_true", help="and again beside a sender, on PostgreSQL"
    )
    parser.add_argument("--only", default="", help="pages whose name holds this")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    asked.postgres |= asked.while_draining
    return asked


@contextmanager
def _database(asked: argparse.Namespace, folder: Path) -> Iterator[Engine]:
    server = PostgresServer().start() if asked.postgres else None
    try:
        url = server.url(server.create_database()) if server else f"sqlite:///{folder / 'pages.db'}"
        engine = open_database(url)
        schema.upgrade(engine)
        yield engine
        engine.dispose()
    finally:
        if server:
            server.remove()


def _measured(engine: Engine, folder: Path, asked: argparse.Namespace) -> Iterator[dict[str, Any]]:
    settings = Settings(
        home=folder, base_url=BASE, clock_file=folder / "clock", smtp_url=f"mailbox:{folder / 'mailbox'}",
        secret_key=SecretStr("k3y-of-a-province-that-is-only-measured"),
    )  # fmt: skip
    instant.set_now(folder / "clock", NOW)
    app = create_app(settings, engine)
    counter = _Counter(engine)
    guests = {email: _entered(app, engine, email) for email in {who for _, who, _ in PAGES}}
    settle()  # as the server does
    chosen = [
        (name, guests[who], path or _own(guests[who])) for name, who, path in PAGES if asked.only in name
    ]
    quiet = {name: _timed(guest, path, asked.times, counter) for name, guest, path in chosen}
    beside: dict[str, dict[str, Any]] = {}
    if asked.while_draining:
        with _sender(engine, folder):
            beside = {name: _timed(guest, path, asked.times, counter) for name, guest, path in chosen}
    for name, row in quiet.items():
        drained = {f"{key}_draining": beside[name][key] for key in ("p50_ms", "p95_ms") if beside}
        yield {"page": name, **row, **drained}


@contextmanager
def _sender(engine: Engine, folder: Path) -> Iterator[None]:
    """A process of its own that sends mails all the while, and says how many."""
    url = engine.url.render_as_string(hide_password=False)
    with sink() as relay:
        environment = {
            **os.environ, "DONDOC_DATABASE_URL": url, "DONDOC_SMTP_URL": relay.url, "DONDOC_HOME": str(folder),
            "DONDOC_CLOCK_FILE": str(folder / "clock"), "DONDOC_LOG_LEVEL": "ERROR",
        }  # fmt: skip
        process = subprocess.Popen(
            [sys.executable, "-m", "bench.pages.sending"], env=environment, text=True, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )  # fmt: skip
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield
        said = json.loads(process.communicate()[0])
    print(f"beside them {said['sent'] / said['seconds']:.0f} mails/s were sent", file=sys.stderr)


class _Counter:
    def __init__(self, engine: Engine) -> None:
        self.engine, self.asked = engine, 0
        event.listen(engine, "after_cursor_execute", self._count)

    def _count(self, _c: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        self.asked += statement.startswith(("SELECT", "WITH")) and "set_config" not in statement


def _entered(app: Any, engine: Engine, email: str) -> TestClient:
    with writing(engine) as db:
        person = db.scalars(select(Person).where(col(Person.email) == email)).one()
        token = accounts.sign_in_link(db, person, instant.real_now())
    client = TestClient(app, base_url=BASE)
    page = client.get(f"/vao/{token}").text
    form_key = page.split('name="form_key" value="')[1].split('"')[0]
    assert client.post(f"/vao/{token}", data={"form_key": form_key}).status_code == 200
    return client


def _own(client: TestClient) -> str:
    """The first directive of this person's list."""
    return "/nhiem-vu/" + client.get("/nhiem-vu").text.split('href="/nhiem-vu/')[1].split('"')[0]


def _timed(client: TestClient, path: str, times: int, counter: _Counter) -> dict[str, Any]:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    taken: list[float] = []
    cpu = cpu_of_all(counter.engine)
    for _ in range(times):
        counter.asked, began = 0, time.perf_counter()
        client.get(path)
        taken.append((time.perf_counter() - began) * 1000)
    asked = counter.asked
    cpu = cpu_of_all(counter.engine) - cpu
    return {
        "queries": asked, "cpu_ms": round(1000 * cpu / times, 1), "p50_ms": round(statistics.median(taken), 1),
        "p95_ms": round(statistics.quantiles(taken, n=20)[-1], 1), "kb": round(len(answer.content) / 1000),
    }  # fmt: skip


def _show(measured: list[dict[str, Any]]) -> None:
    """Times are milliseconds."""
    columns = list(measured[0])[1:] if measured else []
    print("page".ljust(28) + "".join(name.rjust(17) for name in columns))
    for one in measured:
        print(one["page"].ljust(28) + "".join(str(one[name]).rjust(17) for name in columns))


if __name__ == "__main__":
    sys.exit(main())
