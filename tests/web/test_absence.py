"""Saying that one is away, in the browser and over JSON."""

from datetime import date

from tests.web.house import House

PAGE = "/toi/vang-mat"
API = "/api/v1/absences/huy@lamgiang.example"


def test_a_person_says_it_and_the_deputy_sees_what_is_lent(house: House) -> None:
    huy = house.enter("huy")
    assert '<option value="ben@lamgiang.example"' in huy.get(PAGE).text
    assert "cleo@" not in huy.get(PAGE).text
    said = {"from": "20/08/2026", "until": "25/08/2026", "deputy": "ben@lamgiang.example", "act": "set"}
    assert huy.send(PAGE, PAGE, **said).status_code == 303
    assert "25/08/2026" in huy.get(PAGE).text
    assert "Hôm nay đang làm thay: Huy" in house.enter("ben").get(PAGE).text
    assert huy.send(PAGE, PAGE, act="end").status_code == 303
    assert "đang làm thay" not in house.enter("ben").get(PAGE).text


def test_a_deputy_sees_and_does_what_the_absent_may(house: House) -> None:
    house.world.issue("GS14-01", date(2026, 9, 30))
    house.world.move("ben", "GS14-01", "request_extension", reason="thiếu số liệu", due_on=date(2026, 10, 9))
    ada, chi = house.enter("ada"), house.enter("chi")
    assert "Đồng ý gia hạn" not in ada.get("/nhiem-vu/GS14-01").text
    chi.send(PAGE, PAGE, **{"from": "20/08/2026", "deputy": "ada@lamgiang.example", "act": "set"})
    assert "Đồng ý gia hạn" in ada.get("/nhiem-vu/GS14-01").text


def test_a_day_that_is_none_is_said_where_it_was_typed(house: House) -> None:
    huy = house.enter("huy")
    refused = huy.send(PAGE, PAGE, **{"from": "31/02/2026", "act": "set"})
    assert refused.status_code == 422
    assert 'value="31/02/2026"' in refused.text
    assert huy.send(PAGE, PAGE, act="set").status_code == 422


def test_a_program_sets_reads_and_ends_it(house: House) -> None:
    huy = house.enter("huy").client
    key = {"x-form-key": huy.get("/api/v1/me").json()["form_key"]}
    wanted = {"from_on": "2026-09-01", "until_on": "2026-09-03", "deputy": "ben@lamgiang.example"}
    assert huy.put(API, json=wanted, headers=key).json() == {"email": "huy@lamgiang.example", **wanted}
    assert huy.get(API).json()["deputy"] == "ben@lamgiang.example"
    assert huy.put(API, json={**wanted, "role": "administrator"}, headers=key).status_code == 422
    assert huy.put(API, json={**wanted, "deputy": "cleo@lamgiang.example"}, headers=key).status_code == 422
    assert huy.delete(API, headers=key).json()["from_on"] is None
    assert house.enter("cleo").get(API).status_code == 404
