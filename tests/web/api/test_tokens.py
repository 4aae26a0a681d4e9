"""Tokens: shown once, kept as hashes, as far as their scopes, gone when revoked."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from config import instant
from config.database import reading, writing
from tests.web.api.program import Program, make_token
from tests.web.house import House
from workflow.api_tokens import Scope
from workflow.models.api_token import ApiToken
from workflow.models.event import Event


def test_a_token_made_on_the_page_works_and_is_never_shown_again(lived_in: House) -> None:
    ben = lived_in.enter("ben")
    page = "/toi/ma-truy-cap"
    made = ben.send(page, page, act="make", name="Máy báo cáo", scope="read", days="30")
    assert made.status_code == 200
    text = made.text.partition('id="new-token">')[2].partition("<")[0]
    assert text.startswith("dondoc_")
    assert text not in ben.page(page)
    me = Program(lived_in.browser(), {"Authorization": f"Bearer {text}"}).get("/me").json()
    assert (me["name"], me["scopes"], me["form_key"]) == ("Ben", ["read"], None)


def test_nothing_that_is_kept_holds_the_token(lived_in: House) -> None:
    text = make_token(lived_in, "ben")
    with reading(lived_in.engine) as db:
        kept = [
            *db.scalars(select(ApiToken)),
            *db.scalars(select(Event).where(col(Event.act) == "token.make")),
        ]
        assert len(kept) == 2
        assert text not in repr([one.model_dump() for one in kept])


def test_a_revoked_an_ended_and_an_unknown_token_are_refused_alike(lived_in: House) -> None:
    revoked, ended = make_token(lived_in, "ben"), make_token(lived_in, "ben")
    with writing(lived_in.engine) as db:
        now = instant.real_now()
        first, second = db.scalars(select(col(ApiToken.id)).order_by(col(ApiToken.id)))
        db.execute(update(ApiToken).where(col(ApiToken.id) == first).values(revoked_at=now))
        past = now - timedelta(seconds=1)
        db.execute(update(ApiToken).where(col(ApiToken.id) == second).values(ends_at=past))
    answers = [
        Program(lived_in.browser(), {"Authorization": said}).get("/me")
        for said in (f"Bearer {revoked}", f"Bearer {ended}", "Bearer dondoc_unknown", "Bearer", "Basic YTpi")
    ]
    assert {(one.status_code, one.text, one.headers["www-authenticate"]) for one in answers} == {
        (401, answers[0].text, "Bearer")
    }


def test_a_wrong_token_is_not_saved_by_a_good_cookie(lived_in: House) -> None:
    ben = Program.with_cookie(lived_in, "ben")
    ben.headers = {"Authorization": "Bearer dondoc_wrong"}
    assert ben.get("/me").status_code == 401


def test_a_token_of_somebody_disabled_counts_no_more(lived_in: House) -> None:
    ben, quan = Program.with_token(lived_in, "ben"), Program.with_token(lived_in, "quan")
    assert ben.get("/me").status_code == 200
    assert quan.send("PATCH", "/users/ben@lamgiang.example", {"active": False}).status_code == 200
    assert ben.get("/me").status_code == 401


def test_only_the_owner_ends_a_token_and_it_ends_at_once(lived_in: House) -> None:
    program = Program.with_token(lived_in, "ben")
    number = Program.with_cookie(lived_in, "ben").get("/me/tokens").json()["rows"][0]["id"]
    assert Program.with_cookie(lived_in, "cleo").send("DELETE", f"/me/tokens/{number}").status_code == 404
    assert program.get("/me").status_code == 200
    assert Program.with_cookie(lived_in, "ben").send("DELETE", f"/me/tokens/{number}").status_code == 200
    assert program.get("/me").status_code == 401


def test_the_last_use_of_a_token_is_noted(lived_in: House) -> None:
    program = Program.with_token(lived_in, "ben", Scope.READ)
    assert program.get("/me/tokens").json()["rows"][0]["last_used_at"] is not None


def test_a_token_that_asks_too_often_is_told_to_wait(lived_in: House) -> None:
    program = Program.with_token(lived_in, "ben")
    statuses = {program.get("/calendar/count", since="2026-08-20", days=1).status_code for _ in range(601)}
    assert statuses == {200, 429}


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        ({"name": "", "scopes": ["read"]}, "body.name"),
        ({"name": "Máy", "scopes": []}, "body.scopes"),
        ({"name": "Máy", "scopes": ["root"]}, "body.scopes.0"),
        ({"name": "Máy", "scopes": ["read"], "days": 367}, "body.days"),
        ({"name": "Máy", "scopes": ["read"], "person_id": 1}, "body.person_id"),
    ],
)
def test_a_token_asked_for_wrongly_is_refused_at_its_field(
    ben: Program, wanted: dict[str, object], field: str
) -> None:
    refused = ben.post("/me/tokens", wanted)
    assert refused.status_code == 422
    assert [one["field"] for one in refused.json()["errors"]] == [field]
