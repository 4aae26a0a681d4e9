"""What every page shows of the whole house is asked every few seconds, not with every page."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import event

from config import instant
from tests.web.house import House
from web import site
from web.app import create_app


def test_the_state_of_the_house_is_asked_once_for_many_pages_and_then_anew(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(instant, "real_now", lambda: datetime(2026, 8, 20, 2, tzinfo=UTC))
    house.app = create_app(house.settings.model_copy(update={"clock_file": None}), house.engine)
    ada, asked = house.enter("ada"), []
    event.listen(house.engine, "before_cursor_execute", lambda _c, _cu, said, *_more: asked.append(said))

    def beats() -> int:
        asked.clear()
        assert ada.get("/tro-giup").status_code == 200
        return sum("FROM heartbeat" in said for said in asked)

    beats()
    assert beats() == 0
    monkeypatch.setattr(site, "monotonic", lambda: float("inf"))
    assert beats() == 1
