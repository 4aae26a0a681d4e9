"""Pages of the time machine: a night explained, two policies side by side, special days changed after a preview."""

from datetime import date
from importlib import resources

from tests.web.house import House
from workflow.models.event import Event
from workflow.models.rule_version import RuleVersion

DAYS = "/lich/ngay"


def test_agency_and_delegation_read_the_same_reasons_of_a_night(house: House) -> None:
    house.world.issue("GS14-01", date(2026, 9, 30))
    house.nights(date(2026, 8, 27))
    path = "/nhiem-vu/GS14-01/cach-tinh?dem=2026-08-25"
    ben, ada = house.enter("ben"), house.enter("ada")
    pages = [one.page(path).split('id="h-night"')[1].split("</section>")[0] for one in (ben, ada)]
    assert pages[0] == pages[1]
    assert "Đã gửi" in pages[0]
    assert "Chưa đến: 28/09/2026" in pages[0]
    assert "The night of" in ben.page(path + "&lang=en")
    assert house.enter("cleo").get(path).status_code == 404


def test_two_policies_stand_side_by_side_and_nothing_is_written(house: House) -> None:
    house.world.issue("GS14-01", date(2026, 9, 30))
    duc = house.enter("duc")
    before = len(house.world.rows(Event))
    page = duc.page("/chinh-sach/default/mo-phong?tu=2026-09-14&den=2026-09-30")
    assert "Không có gì khác nhau." in page
    assert "ben@lamgiang.example" in page
    assert len(house.world.rows(Event)) == before
    assert house.enter("ben").get("/chinh-sach/default/mo-phong").status_code == 404


def test_a_special_day_is_previewed_then_put_in_force(house: House) -> None:
    house.world.issue("GS14-01", date(2026, 9, 30), due_is_express=False)
    quan = house.enter("quan")
    wanted = {
        "act": "add",
        "day": "30/09/2026",
        "kind": "holiday",
        "vi": "Nghỉ thử",
        "source": "Công văn 7",
        "status": "announced",
    }
    seen = quan.send(DAYS, DAYS, step="check", **wanted)
    assert seen.status_code == 200
    assert "Xem trước: 1 hạn thay đổi" in seen.text
    assert [one.number for one in house.world.rows(RuleVersion) if one.kind == "calendar"] == [1]
    done = quan.send(DAYS, DAYS, step="apply", **wanted)
    assert done.status_code == 303
    assert "1 hạn thay đổi" in quan.page(DAYS)
    assert "Nghỉ thử" in quan.page(DAYS)
    assert [one.reason for one in house.world.rows(Event) if one.act == "calendar.move"] == ["Công văn 7"]
    refused = quan.send(DAYS, DAYS, step="check", act="add", day="30/09/2026", vi="", source="x")
    assert refused.status_code == 422
    assert "Thiếu &#39;vi&#39;" in refused.text
    assert house.enter("ada").send(DAYS, "/toi", step="apply", **wanted).status_code == 404


def test_checking_a_policy_shows_what_it_would_move_and_publishes_nothing(house: House) -> None:
    house.world.issue("GS14-01", date(2026, 9, 30))
    quan, edit = house.enter("quan"), "/chinh-sach/sua"
    text = resources.files("config").joinpath("policies/default.yaml").read_text(encoding="utf-8")
    quicker = text.replace(
        "{offset: -2, min_span: 5, kind: reminder", "{offset: -3, min_span: 5, kind: reminder", 1
    )
    seen = quan.send(edit, edit, act="check", source=quicker)
    assert seen.status_code == 200
    assert "1 nghĩa vụ thay đổi" in seen.text
    assert "-3 (" in seen.text
    assert [one.number for one in house.world.rows(RuleVersion) if one.kind == "policy"] == [1]
