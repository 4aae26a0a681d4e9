"""Pages that change which rules hold: seen first, then done with a reason, by administrators alone."""

import re
from datetime import date
from html import unescape
from importlib import resources

import pytest

from config import rules
from config.database import writing
from tests.web.house import House
from tests.world import at
from workflow.models.directive import Directive
from workflow.models.event import Event
from workflow.models.rule_version import RuleVersion

MOVE = "/chinh-sach/default/chuyen"


@pytest.fixture
def calendar_days(house: House) -> House:
    """Two directives of the first version; a second one counts every day of the calendar."""
    house.world.issue("GS14-01", date(2026, 9, 30))
    house.world.issue("GS14-02", date(2026, 10, 30))
    text = resources.files("config").joinpath("policies/calendar_days.yaml").read_text(encoding="utf-8")
    sent = house.enter("quan").send("/chinh-sach/sua", "/chinh-sach/sua", act="publish", source=text)
    assert sent.status_code == 303
    return house


def _policies(house: House) -> dict[str, int | None]:
    return {one.code: one.policy_id for one in house.world.rows(Directive)}


def test_a_selection_is_moved_to_a_version_after_a_preview_and_with_a_reason(calendar_days: House) -> None:
    quan, before = calendar_days.enter("quan"), _policies(calendar_days)
    wanted = {"which": "2", "codes": "GS14-01, GS14-99"}
    seen = quan.send(MOVE, MOVE, step="check", **wanted)
    assert seen.status_code == 200
    assert "Xem trước: 1 nhiệm vụ chuyển" in seen.text
    assert "GS14-99" in seen.text.split("Không chuyển (")[1]
    assert _policies(calendar_days) == before
    assert quan.send(MOVE, MOVE, step="apply", **wanted).status_code == 422
    assert _policies(calendar_days) == before
    done = quan.send(MOVE, MOVE, step="apply", reason="Theo quy chế mới", **wanted)
    assert done.status_code == 303
    assert "Đã chuyển 1 nhiệm vụ" in quan.page("/chinh-sach")
    after = _policies(calendar_days)
    assert after["GS14-02"] == before["GS14-02"]
    assert after["GS14-01"] != before["GS14-01"]
    told = [one.reason for one in calendar_days.world.rows(Event) if one.act == "policy.migrate"]
    assert told == ["Theo quy chế mới"]


def test_only_what_fits_every_condition_is_moved(calendar_days: House) -> None:
    quan = calendar_days.enter("quan")
    for wanted, count in (
        ({"supervision": "GS14"}, 2),
        ({"from_version": "1"}, 2),
        ({"from_version": "2"}, 0),
        ({"lead": "syt"}, 0),
    ):
        page = quan.send(MOVE + "?lang=en", MOVE, step="check", which="2", **wanted).text
        assert f"Preview: {count} directives move" in page, wanted
        assert ("There is no directive to move." in page) == (count == 0)


def test_what_is_urgent_gets_its_own_policy_until_that_is_ended(house: House) -> None:
    quan, page = house.enter("quan"), "/chinh-sach/ap-dung"
    assert "mọi nhiệm vụ theo chính sách default" in quan.page(page)
    wanted = {"scope": "urgency", "value": "express"}
    assert quan.send(page, page, act="choose", policy="default", **wanted).status_code == 303
    seen = quan.page(page)
    assert "Đang chọn (1)" in seen
    assert "<td>hỏa tốc</td><td>default</td>" in seen
    assert "<td>express</td><td>default</td>" in house.enter("ada").page(page + "?lang=en")
    assert quan.send(page, page, act="choose", policy="none", **wanted).status_code == 404
    assert (
        quan.send(page, page, act="choose", policy="default", scope="urgency", value="soon").status_code
        == 422
    )
    assert quan.send(page, page, act="forget", **wanted).status_code == 303
    assert "Đang chọn (0)" in quan.page(page)
    acts = [one.act for one in house.world.rows(Event) if one.act.startswith("policy.")]
    assert acts == ["policy.choose", "policy.forget"]


def test_a_supervision_is_put_into_a_programme_and_out_of_it(house: House) -> None:
    quan, page = house.enter("quan"), "/chinh-sach/ap-dung"
    wanted = {"act": "programme", "supervision": "GS14"}
    assert quan.send(page, page, programme="Chương trình 05", **wanted).status_code == 303
    assert "<td>Chương trình 05</td>" in quan.page(page)
    refused = quan.send(page, page, programme="x" * 81, **wanted)
    assert refused.status_code == 422
    assert "nhiều nhất 80" in refused.text
    assert quan.send(page, page, programme="", **wanted).status_code == 303
    assert "Chương trình 05" not in quan.page(page)


@pytest.fixture
def renamed(house: House) -> House:
    """GS14-01 is in progress under the first lifecycle; the second calls that state `doing`."""
    house.world.issue("GS14-01", date(2026, 9, 30))
    house.world.move("ben", "GS14-01", "progress", text="Đang làm.")
    text = resources.files("config").joinpath("lifecycles/directive.yaml").read_text(encoding="utf-8")
    with writing(house.engine) as db:
        rules.publish_lifecycle(db, text.replace("in_progress", "doing"), "directive", at(date(2026, 8, 20)))
    return house


def test_open_directives_move_to_another_lifecycle_once_every_state_has_a_place(renamed: House) -> None:
    quan, page = renamed.enter("quan"), "/vong-doi/chuyen"
    assert "doing" in renamed.enter("ada").page("/vong-doi/1/2")
    assert "/vong-doi/chuyen?ban=" in quan.page("/vong-doi")
    seen = quan.send(page, page, step="check", which="2")
    assert "Xem trước: 1 nhiệm vụ chuyển" in seen.text
    assert "chưa chọn" in seen.text
    assert 'name="map.in_progress"' in seen.text
    wanted = {"step": "apply", "which": "2", "reason": "Đổi tên"}
    assert quan.send(page, page, **wanted).status_code == 422
    assert quan.send(page, page, **wanted, map__in_progress="closed").status_code == 422
    assert {one.state for one in renamed.world.rows(Directive)} == {"in_progress"}
    assert quan.send(page, page, **wanted, map__in_progress="doing").status_code == 303
    assert {one.state for one in renamed.world.rows(Directive)} == {"doing"}
    told = [one.reason for one in renamed.world.rows(Event) if one.act == "lifecycle.migrate"]
    assert told == ["Đổi tên"]
    assert quan.send(page, page, step="apply", which="1", map__doing="in_progress").status_code == 422
    assert {one.state for one in renamed.world.rows(Directive)} == {"doing"}


def test_a_draft_is_marked_urgent_on_the_review_page_and_gets_that_policy_when_issued(house: House) -> None:
    text = resources.files("config").joinpath("policies/calendar_days.yaml").read_text(encoding="utf-8")
    with writing(house.engine) as db:
        quick = rules.publish_policy(db, text, "khan", at(date(2026, 8, 20))).id
    quan, ada = house.enter("quan"), house.enter("ada")
    chosen = {"act": "choose", "scope": "urgency", "value": "express", "policy": "khan"}
    assert quan.send("/chinh-sach/ap-dung", "/chinh-sach/ap-dung", **chosen).status_code == 303
    code = house.take_in(date(2026, 8, 20))
    page = f"/ket-luan/{code}/ra-soat"
    first = min(one.code for one in house.world.rows(Directive))
    assert ada.send(f"{page}/{first}", page, act="save", urgency="express").status_code == 303
    assert 'value="express" selected' in ada.page(page)
    assert ada.send(f"{page}/{first}", page, act="save", product="Báo cáo").status_code == 303
    assert {one.code: one.urgency for one in house.world.rows(Directive)}[first] == "express"
    house.world.move("chi", first, "issue")
    assert _policies(house)[first] == quick
    assert "hỏa tốc" in ada.page(f"/nhiem-vu/{first}")


FIELD = re.compile(r'<input id="([^"]+)" name="[^"]+" type="text"[^>]* value="([^"]*)">')
PICKED = re.compile(r'<select id="([^"]+)" name="[^"]+">(.*?)</select>', re.S)
TICKED = re.compile(r'<input type="checkbox" name="([^"]+)"(?: value="([^"]+)")? checked>')


def _typed(page: str) -> dict[str, str | list[str]]:
    """Every field of the form as it stands on the page: what a browser would send."""
    values: dict[str, str | list[str]] = {name: unescape(value) for name, value in FIELD.findall(page)}
    for name, options in PICKED.findall(page):
        picked = re.search(r'value="([^"]*)" selected', options) or re.search(r'value="([^"]*)"', options)
        values[name] = picked[1] if picked else ""
    ticked: dict[str, list[str]] = {}
    for name, value in TICKED.findall(page):
        ticked.setdefault(name, []).append(value or "on")
    return {**values, **ticked}


def test_a_policy_changed_in_fields_is_checked_previewed_and_published_under_a_name(house: House) -> None:
    house.world.issue("GS14-01", date(2026, 9, 30))
    quan, page = house.enter("quan"), "/chinh-sach/bieu-mau"
    typed = _typed(quan.page(page))
    same = quan.send(page, page, **typed)
    assert same.status_code == 200
    assert "Không có gì khác bản đang dùng." in same.text
    assert typed["deliver.rung.3.offset"] == "-2"
    refused = quan.send(page, page, **typed | {"cap": "nhiều", "terms.review": "99"})
    assert refused.status_code == 422
    assert 'value="nhiều"' in refused.text
    assert "cap" in refused.text.split('id="refusal"')[1].split("</pre>")[0]
    changed = typed | {"name": "khan", "deliver.rung.3.offset": "-3"}
    seen = quan.send(page, page, **changed)
    assert "1 nghĩa vụ thay đổi" in seen.text
    source = unescape(seen.text.split('<textarea class="mono" id="source"')[1].split(">", 1)[1].split("<")[0])
    sua = "/chinh-sach/sua"
    assert quan.send(sua, sua, act="publish", name="có dấu", source=source).status_code == 422
    assert quan.send(sua, sua, act="publish", name="khan", source=source).status_code == 303
    found = [one for one in house.world.rows(RuleVersion) if one.name == "khan"]
    assert [one.is_active for one in found] == [True]
    offsets = [one["offset"] for one in found[0].document["ladders"]["deliver"]["rungs"]]
    assert offsets == [-30, -10, -5, -3, 0]
    assert {one.name for one in house.world.rows(RuleVersion) if one.is_active and one.kind == "policy"} == {
        "default",
        "khan",
    }


def test_a_step_is_taken_out_and_another_put_in_its_place_by_the_form(house: House) -> None:
    quan, page = house.enter("quan"), "/chinh-sach/bieu-mau"
    typed = _typed(quan.page(page))
    more = {"deliver.rung.1.offset": "", "deliver.rung.5.offset": "-7", "deliver.rung.5.min_span": "15"}
    seen = quan.send(page, page, **typed | more | {"deliver.rung.5.to": "owed_by.head"})
    assert seen.status_code == 200, seen.text
    text = unescape(seen.text)
    assert "offset: -7" in text
    assert "offset: -10" not in text.split("contribute:\n    rungs")[0].split("deliver:")[1]
