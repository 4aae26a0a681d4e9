"""While the database is away every page and every call says so in a sentence, and all is well again when it is back."""

import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import structlog
from httpx2 import Response
from sqlalchemy import Engine, text
from starlette.testclient import TestClient

from config.logging import configure_logging
from tests.servers.postgres import PostgresServer
from tests.web.house import BASE, FORM_KEY, House
from tests.web.test_routes import _leaves

PROBLEM = "application/problem+json"
OWN = {"/readyz": "en", "/wellz": "vi"}  # for programs: always one language
CALLER = {"authorization": "Bearer dondoc_" + "x" * 43}
SENTENCE = {
    "vi": "Cơ sở dữ liệu không dùng được lúc này. Chưa ghi gì; hãy thử lại sau ít phút.",
    "en": "The database cannot be used right now. Nothing was written; try again in a few minutes.",
}


@dataclass
class Outage:
    """`begins` takes the database away as it stands; `ends` puts the same one back."""

    begins: Callable[[], None]
    ends: Callable[[], None]


@pytest.fixture
def outage(engine: Engine, request: pytest.FixtureRequest, tmp_path: Path) -> Outage:
    if engine.dialect.name == "sqlite":
        return _of_sqlite(engine, tmp_path)
    return _of_postgres(engine, request.getfixturevalue("postgres"))


def _of_sqlite(engine: Engine, folder: Path) -> Outage:
    """Nothing can be opened where the file stood: a folder has its name."""
    file, aside = folder / "test.db", folder / "aside.db"

    def begins() -> None:
        engine.dispose()  # what stays open keeps working, as it should
        file.rename(aside)
        file.mkdir()

    def ends() -> None:
        file.rmdir()
        aside.rename(file)

    return Outage(begins, ends)


def _of_postgres(engine: Engine, server: PostgresServer) -> Outage:
    """Open connections are cut, and new ones refused: the database has another name meanwhile."""
    name = str(engine.url.database)
    aside = f"{name}_aside"

    def begins() -> None:
        server.end_connections()
        server.rename_database(name, aside)

    return Outage(begins, lambda: server.rename_database(aside, name))


@pytest.fixture
def operators_log(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """What an operator finds in the log."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    configure_logging("INFO", "json")
    root.handlers = handlers
    yield caplog
    root.level = level
    structlog.reset_defaults()


@pytest.fixture
def visitor(house: House) -> TestClient:
    """Signed in while all was well; what breaks is answered, as it would be over the wire."""
    signed = house.enter("quan").client.cookies
    return TestClient(
        house.app, base_url=BASE, follow_redirects=False, raise_server_exceptions=False, cookies=signed
    )


def every_route(house: House) -> list[tuple[str, str]]:
    """Each with something in the place of its parameters."""
    found = {
        (method, re.sub(r"\{[^}]+\}", "1", one.path))
        for one in _leaves(house.app.routes)
        for method in one.methods or ()
    }
    return sorted(found - {("GET", "/healthz"), ("HEAD", "/healthz")})


def ask(visitor: TestClient, method: str, path: str, key: str, locale: str) -> Response:
    """With all that is checked before the database is asked: a form's key, a token that may be one."""
    headers = {"accept-language": locale, **(CALLER if path.startswith("/api/") else {})}
    return visitor.request(
        method,
        path,
        headers=headers,
        params={"lang": locale},
        data={"form_key": key} if method == "POST" else None,
    )


def said(answer: Response) -> str:
    """The sentence, wherever this kind of answer has it."""
    if answer.headers["content-type"] == PROBLEM:
        return str(answer.json()["detail"])
    if answer.headers["content-type"] == "application/json":
        return str(answer.json()["why"])
    return answer.text


@pytest.mark.parametrize("locale", ["vi", "en"])
def test_every_route_says_that_the_database_is_away_and_all_is_well_when_it_is_back(
    operators_log: pytest.LogCaptureFixture, house: House, visitor: TestClient, outage: Outage, locale: str
) -> None:
    key = FORM_KEY.search(visitor.get("/toi").text)
    assert key is not None
    outage.begins()
    for method, path in every_route(house):
        answer = ask(visitor, method, path, key[1], locale)
        where = (method, path, answer.status_code, answer.text[:300])
        assert answer.status_code == 503, where
        assert method == "HEAD" or SENTENCE[OWN.get(path, locale)] in said(answer), where
        assert path.startswith(("/api/", "/readyz", "/wellz")) or answer.headers["retry-after"] == "10", where
        assert path.startswith("/api/") is (answer.headers["content-type"] == PROBLEM), where
        assert not any(
            word in answer.text for word in ("Traceback", "sqlalchemy", "psycopg", "FATAL", "unable")
        )
    assert visitor.get("/healthz").status_code == 200
    assert "database away" in operators_log.text
    assert "Traceback" not in operators_log.text
    outage.ends()
    assert visitor.get("/readyz").json()["ready"] is True
    assert visitor.get("/toi").status_code == 200
    assert visitor.get("/nhiem-vu").status_code == 200


@pytest.mark.usefixtures("operators_log")
def test_tables_of_another_release_are_said_to_be_that(house: House, visitor: TestClient) -> None:
    with house.engine.begin() as connection:
        connection.execute(text("ALTER TABLE sign_in RENAME TO gone"))
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    answer = visitor.get("/nhiem-vu")
    assert answer.status_code == 503
    assert "dondoc db upgrade" in answer.text


@pytest.mark.usefixtures("operators_log")
def test_a_mistake_of_ours_is_not_blamed_on_the_release(house: House, visitor: TestClient) -> None:
    with house.engine.begin() as connection:
        connection.execute(text("ALTER TABLE sign_in RENAME TO gone"))
    answer = visitor.get("/nhiem-vu")
    assert answer.status_code == 503
    assert "dondoc db upgrade" not in answer.text
    assert "Traceback" not in answer.text
