"""I19: one key, one effect, one answer."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from config import instant
from config.database import open_database, reading, writing
from tests.servers.postgres import PostgresServer
from tests.web.api.program import Program
from tests.web.house import House
from workflow import access, idempotency
from workflow.errors import NotFound
from workflow.idempotency import Claim, KeyInUse
from workflow.models.event import Event
from workflow.models.idempotency_key import IdempotencyKey

MOVE = {"move": "acknowledge", "version": 2}
PATH = "/directives/GS14-01/moves"


def _acts(house: House, act: str) -> int:
    with reading(house.engine) as db:
        return db.scalar(select(func.count()).where(col(Event.act) == act)) or 0


def test_the_same_request_again_is_answered_the_same_and_does_nothing(lived_in: House, ben: Program) -> None:
    first = ben.post(PATH, MOVE, Idempotency_Key="k-1")
    again = ben.post(PATH, MOVE, Idempotency_Key="k-1")
    assert (first.status_code, first.text) == (again.status_code, again.text)
    assert first.status_code == 201
    assert again.headers["idempotency-replayed"] == "true"
    assert "idempotency-replayed" not in first.headers
    assert _acts(lived_in, "acknowledge") == 1


def test_without_a_key_the_second_is_a_request_of_its_own(lived_in: House, ben: Program) -> None:
    assert ben.post(PATH, MOVE).status_code == 201
    assert ben.post(PATH, MOVE).status_code == 409


def test_another_body_under_the_same_key_is_refused(lived_in: House, ben: Program) -> None:
    ben.post(PATH, MOVE, Idempotency_Key="k-1")
    other = ben.post(PATH, {"move": "progress", "version": 3, "text": "Đang làm"}, Idempotency_Key="k-1")
    assert (other.status_code, other.json()["code"]) == (422, "key_of_another")
    assert _acts(lived_in, "progress") == 0


def test_a_refusal_keeps_no_key(lived_in: House, ben: Program) -> None:
    wrong = {"move": "acknowledge", "version": 1}
    assert ben.post(PATH, wrong, Idempotency_Key="k-1").status_code == 409
    assert ben.post(PATH, MOVE, Idempotency_Key="k-1").status_code == 201


def test_a_key_is_its_callers_alone(lived_in: House, ben: Program) -> None:
    ben.post(PATH, MOVE, Idempotency_Key="k-1")
    huy = Program.with_cookie(lived_in, "huy")
    assert huy.post(PATH, MOVE, Idempotency_Key="k-1").status_code == 409
    assert Program.with_token(lived_in, "ben").post(PATH, MOVE, Idempotency_Key="k-1").status_code == 409


def test_twenty_at_once_make_one_effect(lived_in: House, ben: Program) -> None:
    def send(_number: int) -> tuple[int, str]:
        program = Program.with_token(lived_in, "ben")
        answer = program.post(PATH, MOVE)
        return answer.status_code, answer.text

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(send, range(20)))
    assert sorted(status for status, _ in answers) == [201] + [409] * 19
    assert _acts(lived_in, "acknowledge") == 1


def test_twenty_with_one_key_are_told_one_answer(lived_in: House, ben: Program) -> None:
    key, shared = "k-race", Program.with_token(lived_in, "ben").headers

    def send(_number: int) -> tuple[int, str]:
        answer = Program(lived_in.browser(), shared).post(PATH, MOVE, Idempotency_Key=key)
        return answer.status_code, answer.text if answer.status_code == 201 else answer.json()["code"]

    with ThreadPoolExecutor(20) as pool:
        answers = set(pool.map(send, range(20)))
    done = {one for one in answers if one[0] == 201}
    assert len(done) == 1
    assert answers - done <= {(409, "key_in_use")}
    assert _acts(lived_in, "acknowledge") == 1


def test_a_claim_is_gone_with_the_effect_it_was_made_for(house: House) -> None:
    wanted = Claim("person:1", "k", b"body")
    with pytest.raises(NotFound):
        _claim_and_fail(house, wanted)
    with writing(house.engine) as db:
        assert idempotency.claim(db, wanted, instant.real_now()) is None


def _claim_and_fail(house: House, wanted: Claim) -> None:
    with writing(house.engine) as db:
        assert idempotency.claim(db, wanted, instant.real_now()) is None
        access.find_actor(db, "nobody@lamgiang.example")


def test_while_the_first_is_at_work_the_second_is_told_so(postgres: PostgresServer) -> None:
    """SQLite lets one writer in at a time: there the second waits and is answered the same."""
    engine = open_database(postgres.url(postgres.create_database()))
    IdempotencyKey.metadata.tables["idempotency_key"].create(engine)
    wanted = Claim("person:1", "k", b"body")
    with writing(engine) as first, writing(engine) as second:
        idempotency.claim(first, wanted, instant.real_now())
        with pytest.raises(KeyInUse):
            idempotency.claim(second, wanted, instant.real_now())
    engine.dispose()


def test_keys_are_forgotten_after_a_day_and_not_before(house: House) -> None:
    now = instant.real_now()
    with writing(house.engine) as db:
        idempotency.claim(db, Claim("person:1", "old", b""), now - timedelta(hours=25))
        idempotency.claim(db, Claim("person:1", "new", b""), now - timedelta(hours=23))
        assert idempotency.forget_old(db, now) == 1
        assert len(list(db.scalars(select(IdempotencyKey)))) == 1
