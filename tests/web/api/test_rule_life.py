"""Rules over the API: seen before they are done, and the same effects as on the page and the command line."""

from importlib import resources

from sqlalchemy import select
from sqlmodel import col

from config.database import reading
from tests.web.api.program import Program
from tests.web.house import House
from workflow.models.directive import Directive
from workflow.models.event import Event


def acts(house: House, name: str) -> list[Event]:
    with reading(house.engine) as db:
        return list(db.scalars(select(Event).where(col(Event.act) == name)))


def test_a_policy_is_previewed_published_and_migrated_to(lived_in: House) -> None:
    quan = Program.with_cookie(lived_in, "quan")
    text = resources.files("config").joinpath("policies/calendar_days.yaml").read_text(encoding="utf-8")
    before = quan.post("/policies/preview", {"source": text}).json()
    assert before["dry_run"]
    assert before["obligations"] == len(before["rows"]) > 0
    number = quan.post("/policies", {"source": text, "reason": "Tính ngày lịch"}).json()["number"]
    fields = {one["field"] for one in quan.get(f"/policies/1/difference/{number}").json()["rows"]}
    assert "counting" in fields
    tried = {"which": str(number), "reason": "Theo quy chế mới", "dry_run": True}
    assert quan.post("/policies/migrate", tried).json()["rows"] == before["rows"]
    assert acts(lived_in, "policy.migrate") == []
    done = quan.post("/policies/migrate", {**tried, "dry_run": False}).json()
    assert (done["rows"], done["dry_run"]) == (before["rows"], False)
    assert {one.reason for one in acts(lived_in, "policy.migrate")} == {"Theo quy chế mới"}
    assert quan.post("/policies/preview", {"which": str(number)}).json()["obligations"] == 0


def test_a_policy_is_chosen_for_what_is_urgent_and_forgotten_again(lived_in: House) -> None:
    quan = Program.with_cookie(lived_in, "quan")
    chosen = {"scope": "urgency", "value": "urgent", "policy": "default"}
    assert quan.send("PUT", "/policy-choices/urgency/urgent", {"policy": "default"}).json() == chosen
    assert quan.get("/policy-choices").json()["rows"] == [chosen]
    assert quan.send("PUT", "/policy-choices/urgency/slow", {"policy": "default"}).status_code == 422
    assert quan.send("DELETE", "/policy-choices/urgency/urgent").json()["rows"] == []
    assert quan.send("DELETE", "/policy-choices/urgency/urgent").status_code == 404
    assert [len(acts(lived_in, act)) for act in ("policy.choose", "policy.forget")] == [1, 1]


def test_what_is_drafted_as_urgent_says_so(lived_in: House) -> None:
    ada = Program.with_cookie(lived_in, "ada")
    draft = {"supervision": "GS14", "text": "Kiểm tra ngay các chợ.", "lead": "sct"}
    assert ada.post("/directives", {**draft, "code": "GS14-90", "urgency": "express"}).status_code == 201
    assert ada.post("/directives", {**draft, "code": "GS14-91", "urgency": "soon"}).status_code == 422
    with reading(lived_in.engine) as db:
        found = db.scalars(select(Directive).where(col(Directive.code) == "GS14-90")).one()
    assert found.urgency == "express"


def test_the_urgency_of_a_draft_is_corrected_and_taken_off(lived_in: House) -> None:
    ada = Program.with_cookie(lived_in, "ada")
    draft = {"code": "GS14-90", "supervision": "GS14", "text": "Kiểm tra ngay các chợ.", "lead": "sct"}
    version = ada.post("/directives", draft).json()["version"]
    for given, kept in (("very_urgent", "very_urgent"), ("none", None)):
        done = ada.send("PATCH", "/directives/GS14-90", {"version": version, "urgency": given})
        version = done.json()["version"]
        with reading(lived_in.engine) as db:
            found = db.scalars(select(Directive).where(col(Directive.code) == "GS14-90")).one()
        assert found.urgency == kept
    wrong = ada.send("PATCH", "/directives/GS14-90", {"version": version, "urgency": "soon"})
    assert wrong.status_code == 422


def test_a_decreed_day_is_tried_put_in_force_and_taken_out(lived_in: House) -> None:
    quan = Program.with_cookie(lived_in, "quan")
    day = {"on": "2026-10-15", "vi": "Nghỉ thử", "source": "Quyết định 1/QĐ"}
    assert quan.post("/calendar/days", {**day, "dry_run": True}).json()["dry_run"]
    assert _kind(quan) == "working"
    assert quan.post("/calendar/days", day).status_code == 200
    assert _kind(quan) == "holiday"
    assert quan.post("/calendar/days/remove", {"on": day["on"], "reason": "Bãi bỏ"}).status_code == 200
    assert _kind(quan) == "working"
    assert [one.reason for one in acts(lived_in, "calendar.publish")] == ["Quyết định 1/QĐ", "Bãi bỏ"]


def _kind(program: Program) -> str:
    days = {one["on"]: one["kind"] for one in program.get("/calendar/years/2026").json()["rows"]}
    return str(days["2026-10-15"])


def test_nights_to_come_are_told_with_the_difference_to_another_policy(lived_in: House) -> None:
    chi = Program.with_cookie(lived_in, "chi")
    asked = {"since": "2026-08-24", "until": "2026-10-30", "against": "default"}
    found = chi.get("/simulation", **asked).json()
    assert found["totals"]["mails"] == sum(found["totals"]["by_night"].values()) > 0
    assert (found["difference"], found["difference_total"]) == ([], 0)
    assert found["against"] == found["totals"]
    assert chi.get("/simulation", since="2026-08-24", until="2027-08-24").status_code == 422


def test_the_ledger_is_compared_and_found_right(lived_in: House) -> None:
    found = Program.with_cookie(lived_in, "quan").get("/audit/ledger").json()
    assert found["differences"] == []
