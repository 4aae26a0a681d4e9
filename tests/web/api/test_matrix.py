"""Every address of the API with a good request from every kind of person."""

import pytest

from tests.web.api.matrix import PEOPLE, TABLE
from tests.web.api.program import Program
from tests.web.house import House
from workflow.api_tokens import Scope


@pytest.mark.parametrize("who", PEOPLE)
def test_each_person_gets_from_each_address_what_the_table_says(lived_in: House, who: str) -> None:
    program = Program(lived_in.browser()) if who == "nobody" else Program.with_cookie(lived_in, who)
    wrong = []
    for one in TABLE:
        answer = program.client.request(one.method, one.address, json=one.body, headers=program.headers)
        if answer.status_code != one.statuses[who]:
            wrong.append((one.method, one.path, answer.status_code, one.statuses[who], answer.text[:200]))
    assert wrong == []


def test_a_token_that_may_only_read_changes_nothing(lived_in: House) -> None:
    reader = Program.with_token(lived_in, "quan", Scope.READ)
    for one in TABLE:
        answer = reader.client.request(one.method, one.address, json=one.body, headers=reader.headers)
        assert answer.status_code == (one.statuses["quan"] if one.method == "GET" else 403), one.path


def test_a_token_with_every_scope_may_what_its_owner_may_but_make_no_tokens(lived_in: House) -> None:
    program = Program.with_token(lived_in, "quan")
    for one in TABLE:
        answer = program.client.request(one.method, one.address, json=one.body, headers=program.headers)
        is_own = one.path.startswith("/me/tokens") and one.method != "GET"
        assert answer.status_code == (403 if is_own else one.statuses["quan"]), one.path


@pytest.mark.parametrize(
    ("hidden", "missing"),
    [
        ("/directives/GS14-01", "/directives/GS99-01"),
        ("/directives/GS14-01/history", "/directives/GS99-01/history"),
        ("/directives/GS14-01/explain", "/directives/GS99-01/explain"),
        ("/conclusions/GS14-KL1", "/conclusions/GS99-KL1"),
        ("/organizations/sct", "/organizations/zzz"),
        ("/supervisions/GS14", "/supervisions/GS99"),
        ("/messages/1", "/messages/999999"),
    ],
)
def test_what_is_not_ours_is_answered_like_what_is_not_there(
    lived_in: House, hidden: str, missing: str
) -> None:
    cleo = Program.with_cookie(lived_in, "cleo")
    one, other = cleo.get(hidden), cleo.get(missing)
    assert one.status_code == other.status_code == 404
    names = (hidden.split("/")[2], missing.split("/")[2])
    assert one.text.replace(names[0], "X") == other.text.replace(names[1], "X")
