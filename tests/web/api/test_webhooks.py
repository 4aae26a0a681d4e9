"""Webhooks: told what happened and only that, signed, again until heard, dead in sight."""

import json
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import select
from sqlmodel import col
from standardwebhooks.webhooks import Webhook as Verifier
from standardwebhooks.webhooks import WebhookVerificationError

from config import instant
from config.database import reading, writing
from config.sealing import seal
from config.settings import Settings
from tasks.webhooks import Caller, NotCalled, post
from tests.web.api.program import Program
from tests.web.api.receiver import Receiver, listening
from tests.web.house import House
from workflow import access, webhook_calls, webhooks
from workflow.desk import Desk
from workflow.errors import InputWrong
from workflow.models.message import Message, MessageStatus
from workflow.models.webhook import CallStatus, Webhook, WebhookCall
from workflow.webhooks import ASKED, Kind, Wanted

SECRET = webhooks.new_secret()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with listening() as found:
        yield found


def _settings(house: House) -> Settings:
    return house.settings.model_copy(update={"webhook_hosts": ("127.0.0.1",)})


def _subscribe(house: House, receiver: Receiver, owner: str = "quan", *events: Kind) -> int:
    with writing(house.engine) as db:
        desk = Desk(db, access.find_actor(db, "quan@lamgiang.example"), house.app.state.site.now())
        sealed = seal(house.settings, SECRET)
        wanted = Wanted(receiver.url, events or ASKED, sealed, f"{owner}@lamgiang.example")
        return webhooks.add(desk, wanted, ("127.0.0.1",), instant.real_now()).id


def _call(house: House, *, after: timedelta = timedelta(0)) -> dict[str, int]:
    def now() -> datetime:
        return instant.real_now() + after

    return Caller(partial(writing, house.engine), _settings(house), now).drain(10)


def _calls(house: House) -> list[WebhookCall]:
    with reading(house.engine) as db:
        return list(db.scalars(select(WebhookCall).order_by(col(WebhookCall.id))))


def _told(receiver: Receiver) -> list[tuple[str, str | None, str | None]]:
    said = [json.loads(body) for _, body in receiver.heard]
    return [(one["type"], one["data"].get("directive"), one["data"].get("act")) for one in said]


def test_what_happens_to_a_directive_is_told_and_can_be_verified(house: House, receiver: Receiver) -> None:
    _subscribe(house, receiver)
    house.world.issue("GS14-01", date(2026, 9, 30))
    house.world.move("ben", "GS14-01", "acknowledge")
    assert _call(house)["failed"] == 0
    assert [one for one in _told(receiver) if one[0] != "directive.drafted"] == [
        ("directive.issued", "GS14-01", "issue"),
        ("directive.moved", "GS14-01", "acknowledge"),
    ]
    headers, body = receiver.heard[-1]
    assert Verifier(SECRET).verify(body, headers)["data"]["to_state"] == "acknowledged"
    with pytest.raises(WebhookVerificationError):
        Verifier(SECRET).verify(body.replace("GS14-01", "GS14-02"), headers)


def test_nothing_is_told_of_what_was_rolled_back(house: House, receiver: Receiver) -> None:
    house.world.issue("GS14-01", date(2026, 9, 30))
    _subscribe(house, receiver)
    with writing(house.engine) as db:
        desk = Desk(db, access.find_actor(db, "ben@lamgiang.example"), house.app.state.site.now())
        desk.move("GS14-01", "acknowledge")
        db.rollback()
    assert _calls(house) == []


def test_it_sees_only_what_its_owner_may_see(house: House, receiver: Receiver) -> None:
    _subscribe(house, receiver, "cleo")
    house.world.issue("GS14-01", date(2026, 9, 30))
    house.nights(date(2026, 8, 21))
    _call(house)
    assert receiver.heard == []
    assert {one.status for one in _calls(house)} == {CallStatus.DROPPED}


def test_it_hears_only_the_events_it_asked_for(house: House, receiver: Receiver) -> None:
    _subscribe(house, receiver, "quan", Kind.SWEPT)
    house.world.issue("GS14-01", date(2026, 9, 30))
    house.nights(date(2026, 8, 21))
    _call(house)
    assert {kind for kind, _, _ in _told(receiver)} == {"sweep.completed"}


def test_an_overdue_level_and_a_dead_mail_are_told(house: House, receiver: Receiver) -> None:
    house.world.issue("GS14-01", date(2026, 8, 24))
    _subscribe(house, receiver, "quan", Kind.OVERDUE, Kind.DEAD)
    house.nights(date(2026, 9, 8))
    with writing(house.engine) as db:
        message = db.scalars(select(Message).limit(1)).one()
        message.status = MessageStatus.REJECTED
        db.add(message)
    _call(house)
    kinds = {kind for kind, _, _ in _told(receiver)}
    assert kinds == {"directive.overdue", "message.dead"}
    levels = [json.loads(body)["data"].get("level") for _, body in receiver.heard]
    assert 1 in levels


def test_what_was_not_heard_goes_again_with_the_same_id_and_body(house: House, receiver: Receiver) -> None:
    _subscribe(house, receiver)
    house.world.issue("GS14-01", date(2026, 9, 30))
    receiver.answers = [500, -1]
    assert _call(house)["failed"] >= 1
    assert _call(house, after=timedelta(minutes=10))["failed"] == 0
    failed, bodies = receiver.heard[:2], dict(zip(receiver.ids(), receiver.heard, strict=True))
    for headers, body in failed:
        assert receiver.ids().count(headers["webhook-id"]) == 2
        assert bodies[headers["webhook-id"]][1] == body
    assert {one.status for one in _calls(house)} == {CallStatus.DELIVERED}


def test_a_caller_killed_after_sending_sends_the_same_again(house: House, receiver: Receiver) -> None:
    """The lease ends, another caller takes over; the receiver knows the id."""
    _subscribe(house, receiver, "quan", Kind.ISSUED)
    house.world.issue("GS14-01", date(2026, 9, 30))
    killed = Caller(partial(writing, house.engine), _settings(house), instant.real_now)
    with writing(house.engine) as db:
        due, _ = webhook_calls.claim(db, instant.real_now())
    killed._answer(due[0])
    assert _call(house) == {"delivered": 0, "failed": 0}
    assert _call(house, after=timedelta(seconds=61)) == {"delivered": 1, "failed": 0}
    assert len(receiver.ids()) == 2
    assert len(set(receiver.ids())) == len({body for _, body in receiver.heard}) == 1
    with writing(house.engine) as db:
        assert not webhook_calls.delivered(db, due[0], instant.real_now(), "late")


def test_in_the_end_a_call_is_dead_in_sight_and_may_be_sent_again(house: House, receiver: Receiver) -> None:
    number = _subscribe(house, receiver, "quan", Kind.ISSUED)
    house.world.issue("GS14-01", date(2026, 9, 30))
    tries = len(webhook_calls.BACK_OFF) + 1
    receiver.answers = [503] * tries
    for day in range(tries):
        _call(house, after=timedelta(days=day))
    dead = [one for one in _calls(house) if one.status is CallStatus.DEAD]
    assert [(one.attempts, one.response) for one in dead] == [(tries, "HTTP 503")]
    quan = Program.with_cookie(house, "quan")
    assert quan.get(f"/webhooks/{number}/calls").json()["rows"][0]["status"] == "dead"
    assert "503" in house.enter("quan").page("/quan-tri/webhook")
    assert quan.post(f"/webhooks/calls/{dead[0].id}/resend").status_code == 200
    assert _call(house)["delivered"] == 1
    assert len(set(receiver.ids())) == 1


def test_a_receiver_that_is_gone_is_called_no_more(house: House, receiver: Receiver) -> None:
    _subscribe(house, receiver, "quan", Kind.ISSUED)
    receiver.answers = [410]
    house.world.issue("GS14-01", date(2026, 9, 30))
    _call(house)
    house.world.issue("GS14-02", date(2026, 9, 30))
    _call(house)
    assert len(receiver.heard) == 1
    with reading(house.engine) as db:
        assert db.scalars(select(Webhook)).one().ended_at is not None


def test_a_redirect_is_not_followed(house: House, receiver: Receiver) -> None:
    _subscribe(house, receiver, "quan", Kind.ISSUED)
    house.world.issue("GS14-01", date(2026, 9, 30))
    receiver.answers = [302]
    assert _call(house) == {"delivered": 0, "failed": 1}
    assert len(receiver.heard) == 1


def test_two_callers_at_once_make_each_call_once(house: House, receiver: Receiver) -> None:
    _subscribe(house, receiver, "quan", Kind.ISSUED)
    for number in range(1, 13):
        house.world.issue(f"GS14-{number:02d}", date(2026, 9, 30))
    with ThreadPoolExecutor(4) as pool:
        tallies = list(pool.map(lambda _: _call(house), range(4)))
    assert sum(one["delivered"] for one in tallies) == len(receiver.heard) == len(set(receiver.ids())) == 12


@pytest.mark.parametrize(
    "url",
    [
        "http://nhan.example.vn/", "https://127.0.0.1/", "https://10.0.0.8/", "https://[::1]/", "https://localhost/",
        "https://169.254.169.254/latest", "https://[::ffff:127.0.0.1]/", "https://100.64.0.1/", "https://0.0.0.0/",
        "https://dondoc.local/", "https://printer/", "ftp://nhan.example.vn/", "https://a:b@nhan.example.vn/",
        "https://nhan.example.vn/#x", "javascript:alert(1)", "https://", "file:///etc/passwd",
    ],
)  # fmt: skip
def test_an_address_that_leads_inside_or_is_not_https_is_refused(url: str) -> None:
    with pytest.raises(InputWrong):
        webhooks.check_url(url, ())


def test_with_a_list_of_hosts_only_those_are_called() -> None:
    assert webhooks.check_url("http://may1:8080/vao", ("may1:8080",)) == "http://may1:8080/vao"
    with pytest.raises(InputWrong):
        webhooks.check_url("https://nhan.example.vn/", ("may1:8080",))


def test_a_name_that_leads_inside_is_found_out_when_called(monkeypatch: pytest.MonkeyPatch) -> None:
    inside = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.0.8", 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_more: inside)
    with pytest.raises(NotCalled):
        post("https://nhan.example.vn/vao", {}, b"{}", ())


def test_the_secret_is_sealed_in_the_database_and_only_the_host_is_journalled(
    house: House, receiver: Receiver
) -> None:
    _subscribe(house, receiver)
    with reading(house.engine) as db:
        assert SECRET not in db.scalars(select(Webhook)).one().secret
    journal = Program.with_cookie(house, "quan").get("/audit/events").json()["rows"]
    added = [one for one in journal if one["act"] == "webhook.add"]
    assert added[0]["detail"]["host"] == "127.0.0.1"
    assert "/vao" not in json.dumps(added)
