"""A directive added from a marked passage; a sweep run now; all mail stopped with a reason."""

from datetime import date

from tests.web.house import CONCLUSION, House
from workflow.models.directive import Directive
from workflow.models.sweep_run import SweepRun

PASSAGE = "Tham dự buổi làm việc\n có lãnh đạo các sở, ngành liên quan"


def test_a_passage_the_reader_missed_becomes_a_draft_tied_to_its_place(house: House) -> None:
    where = f"/ket-luan/{house.take_in(date(2026, 8, 20))}/ra-soat"
    ada, lan = house.enter("ada"), house.enter("lan")
    refused = ada.send(where, where, passage="Câu này không có trong văn bản đâu")
    assert refused.status_code == 422
    assert "Câu này không có trong văn bản đâu</textarea>" in refused.text
    assert lan.send(where, "/toi", passage=PASSAGE).status_code == 403
    assert ada.send(where, where, passage=PASSAGE, lead="syt").status_code == 303
    added = max(house.world.rows(Directive), key=lambda one: one.id)
    assert added.quote is not None
    assert CONCLUSION[added.span_start : added.span_end] == added.quote == " ".join(PASSAGE.split())
    assert added.lead_id is not None
    assert ada.page(where).count('<li class="draft"') == 4


def test_an_administrator_runs_the_night_that_is_due_once(house: House) -> None:
    house.world.issue("GS14-01", date(2026, 8, 21))
    quan = house.enter("quan")
    for _ in range(2):
        assert quan.send("/luot-quet/chay", "/luot-quet").status_code == 303
    assert [run.night_on for run in house.world.rows(SweepRun)] == [date(2026, 8, 20)]
    assert "Chạy lượt quét ngay" not in quan.page("/luot-quet")


def test_all_mail_is_stopped_with_a_reason_and_goes_on_again(house: House) -> None:
    quan = house.enter("quan")
    quan.send("/luot-quet/dung", "/luot-quet", act="stop", reason=" ")
    assert "Đang dừng mọi thư" not in quan.page("/luot-quet")
    quan.send("/luot-quet/dung", "/luot-quet", act="stop", reason="Sai mẫu thư")
    assert "Sai mẫu thư" in house.enter("duc").page("/luot-quet")
    quan.send("/luot-quet/dung", "/luot-quet", act="go")
    assert "Đang dừng mọi thư" not in quan.page("/luot-quet")
