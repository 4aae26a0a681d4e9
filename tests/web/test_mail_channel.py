"""The mail channel in the browser: stopped for everybody to see, tried by whoever may."""

from datetime import date, timedelta

from config.database import writing
from tests.web.house import House
from tests.world import at
from workflow import channel

PAGE = "/quan-tri/kenh-thu"
NOW = at(date(2026, 8, 20))


def stop(house: House) -> None:
    with writing(house.engine) as db:
        channel.stop(db, at=NOW, on=date(2026, 8, 20), response="535 sai mật khẩu", needs_operator=True)


def test_those_who_wait_for_mails_see_that_the_channel_is_stopped(house: House) -> None:
    ada, ben = house.enter("ada"), house.enter("ben")
    assert "Kênh gửi thư đang dừng" not in ada.get("/").text
    stop(house)
    assert "535 sai mật khẩu" in ada.get("/").text
    assert "535 sai mật khẩu" not in ben.get("/").text
    ready = ben.client.get("/readyz").json()
    assert ready["mail"] == {"stopped_since": NOW.isoformat()}


def test_an_administrator_lets_it_try_at_once(house: House) -> None:
    quan = house.enter("quan")
    stop(house)
    assert "Thử lại ngay" in quan.get(PAGE).text
    assert quan.send(PAGE, PAGE, act="retry").status_code == 303
    with writing(house.engine) as db:
        row = channel.stopped(db)
        assert row is not None
        assert row.retry_at <= NOW + timedelta(seconds=1)


def test_a_trial_mail_says_what_became_of_it_and_lies_in_no_outbox(house: House) -> None:
    quan = house.enter("quan")
    sent = quan.send(PAGE, PAGE, act="test", address="thu@lamgiang.example")
    assert "Máy chủ thư đã nhận" in sent.text
    assert house.world.messages() == []
    refused = quan.send(PAGE, PAGE, act="test", address="vanthư@lamgiang.example")
    assert refused.status_code == 422
