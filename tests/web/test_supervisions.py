"""`/cuoc-giam-sat`: a supervision is made on the page, before its first conclusion."""

from tests.web.house import House
from workflow.models.supervision import Supervision


def test_a_supervision_is_added_and_offered_to_the_next_conclusion(house: House) -> None:
    ada = house.enter("ada")
    given = {
        "code": "gs15",
        "delegation": "doan14",
        "subject": "Nước sạch nông thôn",
        "session_on": "18/08/2026",
    }
    assert ada.send("/cuoc-giam-sat", "/cuoc-giam-sat", **given).headers["location"] == "/ket-luan/moi"
    assert 'value="GS15"' in ada.page("/ket-luan/moi")
    assert [one.code for one in house.world.rows(Supervision)] == ["GS14", "GS15"]


def test_a_refused_supervision_keeps_what_was_typed(house: House) -> None:
    ada = house.enter("ada")
    given = {"code": "GS14", "delegation": "doan14", "subject": "Nước sạch", "session_on": ""}
    taken = ada.send("/cuoc-giam-sat", "/cuoc-giam-sat", **given)
    assert taken.status_code in (409, 422)
    assert 'value="Nước sạch"' in taken.text
    assert "<title>Lỗi: " in taken.text
    wrong = ada.send(
        "/cuoc-giam-sat", "/cuoc-giam-sat", **{**given, "code": "GS15", "session_on": "31/02/2026"}
    )
    assert wrong.status_code == 422
    assert len(house.world.rows(Supervision)) == 1


def test_a_reader_is_offered_no_body_and_changes_nothing(house: House) -> None:
    lan = house.enter("lan")
    given = {"code": "GS15", "delegation": "doan14", "subject": "Nước sạch"}
    assert lan.send("/cuoc-giam-sat", "/toi", **given).status_code == 403
    assert len(house.world.rows(Supervision)) == 1
