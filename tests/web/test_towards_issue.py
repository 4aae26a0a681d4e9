"""From a text that says neither date nor product to what can be issued: filled in at once, and seen by who must act."""

from datetime import date

from tests.web.house import House
from workflow.models.directive import Directive

PAGE = "/ket-luan/GS14-KL1/ra-soat"


def test_what_drafts_lack_is_filled_at_once_and_nothing_said_is_overwritten(house: House) -> None:
    house.take_in(house.world.today)
    ada = house.enter("ada")
    given = {"common_due_on": "20/11/2026", "common_product": "Báo cáo kết quả"}
    assert ada.send("/ket-luan/GS14-KL1/chung", PAGE, **given).status_code == 303
    found = house.world.rows(Directive)
    assert [one.due_on for one in found] == [date(2026, 9, 30), date(2026, 10, 15), date(2026, 11, 20)]
    assert {one.product for one in found} == {"Báo cáo kết quả"}
    assert "3 đủ thông tin, 0 cần xem" in ada.page(PAGE)


def test_a_wrong_date_changes_nothing_and_is_kept_in_its_field(house: House) -> None:
    house.take_in(house.world.today)
    ada = house.enter("ada")
    given = {"common_due_on": "31/11/2026", "common_product": "Báo cáo"}
    refused = ada.send("/ket-luan/GS14-KL1/chung", PAGE, **given)
    assert refused.status_code == 422
    assert 'value="31/11/2026"' in refused.text
    assert {one.product for one in house.world.rows(Directive)} == {None}


def test_a_reader_fills_in_nothing(house: House) -> None:
    house.take_in(house.world.today)
    lan = house.enter("lan")
    lan.send("/ket-luan/GS14-KL1/chung", "/toi", common_product="Báo cáo")
    assert {one.product for one in house.world.rows(Directive)} == {None}


def test_a_conclusion_waits_on_the_overview_of_whoever_moves_it_on(house: House) -> None:
    house.take_in(house.world.today)
    ada, chi = house.enter("ada"), house.enter("chi")
    assert f'href="{PAGE}"' in ada.page("/")
    assert "/ket-luan/GS14-KL1/" not in chi.page("/")
    ada.send("/ket-luan/GS14-KL1/trinh", "/ket-luan/GS14-KL1/trinh")
    assert "/ket-luan/GS14-KL1/" not in ada.page("/")
    assert 'href="/ket-luan/GS14-KL1/trinh"' in chi.page("/")
    assert "/ket-luan/GS14-KL1/" not in house.enter("ben").page("/")
