"""The JSON API: the same rows, the same moves, the same refusals as the pages."""

from datetime import date

import pytest
from httpx2 import Response

from tests.web.house import Guest, House

API = "/api/v1"


@pytest.fixture
def issued(house: House) -> House:
    for number in range(1, 6):
        house.world.issue(f"GS14-{number:02d}", date(2026, 9, 20 + number))
    return house


def _move(guest: Guest, code: str, **wanted: object) -> Response:
    key = guest.get(f"{API}/me").json()["form_key"]
    return guest.client.post(f"{API}/directives/{code}/moves", json=wanted, headers={"X-Form-Key": key})


def test_a_list_is_read_by_cursor_and_says_its_total(issued: House) -> None:
    ben, seen, after = issued.enter("ben"), [], None
    while True:
        page = ben.get(f"{API}/directives", params={"limit": 2, **({"after": after} if after else {})}).json()
        assert page["total"] == 5
        seen += [row["code"] for row in page["rows"]]
        after = page["after"]
        if after is None:
            break
    assert seen == [f"GS14-{number:02d}" for number in range(1, 6)]
    assert issued.enter("cleo").get(f"{API}/directives").json()["total"] == 0


def test_a_move_made_by_a_program_is_the_move_a_page_makes(issued: House) -> None:
    ben = issued.enter("ben")
    before = ben.get(f"{API}/directives/GS14-01").json()
    assert "report" in {one["move"] for one in before["moves"]}
    made = _move(
        ben, "GS14-01", move="report", version=before["version"], text="Đã xong.", proof="Biên bản số 5"
    )
    assert made.status_code == 201
    after = ben.get(f"{API}/directives/GS14-01").json()
    assert (after["state"], after["version"]) == ("reported", made.json()["version"])
    assert after["events"][-1]["detail"] == {"text": "Đã xong.", "evidence": ["Biên bản số 5"]}


@pytest.mark.parametrize(
    ("who", "code", "wanted", "status", "named"),
    [
        ("ben", "GS14-01", {"move": "report", "version": 2}, 422, "input_missing"),
        ("ben", "GS14-01", {"move": "withdraw", "version": 2, "reason": "x"}, 403, "role_not_allowed"),
        ("ben", "GS14-01", {"move": "accept", "version": 2}, 409, "move_not_allowed"),
        ("ben", "GS14-01", {"move": "acknowledge", "version": 1}, 409, "changed_meanwhile"),
        ("cleo", "GS14-01", {"move": "acknowledge", "version": 2}, 404, "not_found"),
        ("ben", "GS14-01", {"move": "acknowledge"}, 422, "invalid"),
        ("ben", "GS14-01", {"move": "acknowledge", "version": "two", "state": "done"}, 422, "invalid"),
    ],
)
def test_a_refusal_is_a_problem_with_a_name_and_a_sentence(
    issued: House, who: str, code: str, wanted: dict[str, object], status: int, named: str
) -> None:
    refused = _move(issued.enter(who), code, **wanted)
    assert refused.status_code == status
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json()["code"] == named
    assert refused.json()["title"]


def test_no_program_moves_anything_without_the_key(issued: House) -> None:
    ben = issued.enter("ben")
    wanted = {"move": "acknowledge", "version": 2}
    assert ben.client.post(f"{API}/directives/GS14-01/moves", json=wanted).status_code == 403
    assert ben.get(f"{API}/directives/GS14-01").json()["state"] == "issued"


def test_nobody_is_told_in_json_to_sign_in(house: House) -> None:
    answer = house.browser().get(f"{API}/directives")
    assert (answer.status_code, answer.json()["code"]) == (401, "sign_in_needed")
