"""Reports that mail themselves: on their day, once, to each reader what they may see."""

import email
import email.policy
import io
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import Engine

from config.database import writing
from config.settings import Settings
from notifications.delivery import Post
from notifications.outgoing import sender_of
from notifications.smtp import parse_channel
from tasks.report_mail import deliver_due
from tests.figures.story import CHAPTERS
from tests.world import World, at
from workflow import access, report_schedules
from workflow.desk import Desk
from workflow.errors import InputWrong, NotFound, RoleNotAllowed
from workflow.models.event import Event
from workflow.models.message import Message

DAY = date(2027, 2, 25)  # Thursday


@pytest.fixture
def world(engine: Engine) -> World:
    world = World(engine)
    for chapter in CHAPTERS:
        chapter(world)
    return world


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path, smtp_url=f"mailbox:{tmp_path / 'mailbox'}")


def _schedule(
    world: World, who: str, *to: str, rhythm: str = "FREQ=MONTHLY;BYMONTHDAY=25", **more: object
) -> int:
    with writing(world.engine) as db:
        desk = Desk(db, access.find_actor(db, f"{who}@lamgiang.example"), at(world.today))
        addresses = [f"{one}@lamgiang.example" for one in to]
        return report_schedules.add(desk, "register", "xlsx", rhythm, addresses, **more).id  # type: ignore[arg-type]


def _mails(world: World) -> list[Message]:
    return [one for one in world.messages() if one.key.startswith("R:")]


def _codes(message: Message) -> set[object]:
    mail = email.message_from_bytes(message.mime or b"", policy=email.policy.default)
    (file,) = mail.iter_attachments()
    sheet = openpyxl.load_workbook(io.BytesIO(file.get_content())).worksheets[0]
    return {row[1] for row in list(sheet.values)[1:]}


def test_each_reader_gets_the_file_once_with_what_they_may_see(world: World, settings: Settings) -> None:
    _schedule(world, "ada", "chi", "cleo")
    sender = sender_of(settings)
    assert deliver_due(world.engine, settings, sender, at(DAY - timedelta(days=1), 7)) == 0
    assert deliver_due(world.engine, settings, sender, at(DAY, 7)) == 2
    assert deliver_due(world.engine, settings, sender, at(DAY, 8)) == 0
    seen = {one.address: _codes(one) for one in _mails(world)}
    assert len(seen["chi@lamgiang.example"]) == 9
    assert seen["cleo@lamgiang.example"] == {"GS14-05"}
    acts = [one for one in world.rows(Event) if one.act == "report.deliver"]
    assert len(acts) == 1
    assert set((acts[0].detail or {})["files"]) == set(seen)


def test_the_mail_leaves_through_the_outbox(world: World, settings: Settings, tmp_path: Path) -> None:
    _schedule(world, "ada", "chi")
    deliver_due(world.engine, settings, sender_of(settings), at(DAY, 7))
    post = Post(
        transaction=partial(writing, world.engine), channel=parse_channel(settings.smtp_url),
        sender=sender_of(settings), now=lambda: at(DAY, 9), real_now=lambda: at(DAY, 9), zone="Asia/Ho_Chi_Minh",
    )  # fmt: skip
    post.drain()
    assert [one.status.value for one in _mails(world)] == ["handed_over"]


def test_a_missed_day_is_made_up_for_once(world: World, settings: Settings) -> None:
    _schedule(world, "ada", "chi", rhythm="FREQ=WEEKLY;BYDAY=MO")
    late = date(2027, 3, 10)
    assert deliver_due(world.engine, settings, sender_of(settings), at(late, 7)) == 1
    assert deliver_due(world.engine, settings, sender_of(settings), at(late, 9)) == 0
    with writing(world.engine) as db:
        assert [one.schedule.next_on for one in report_schedules.running(db)] == [date(2027, 3, 15)]


def test_who_is_not_on_the_list_of_a_test_system_gets_nothing(world: World, settings: Settings) -> None:
    _schedule(world, "ada", "chi")
    muzzled = settings.model_copy(update={"only_to": ("@elsewhere.example",)})
    deliver_due(world.engine, muzzled, sender_of(muzzled), at(DAY, 7))
    assert [one.status.value for one in _mails(world)] == ["held"]


def test_a_reader_who_may_not_know_the_part_does_not_stop_the_others(
    world: World, settings: Settings
) -> None:
    with writing(world.engine) as db:
        desk = Desk(db, access.find_actor(db, "ada@lamgiang.example"), at(world.today))
        to = ["hoa@lamgiang.example", "chi@lamgiang.example"]
        report_schedules.add(desk, "agency", "csv", "FREQ=MONTHLY", to, scope={"agency": "doan14"})
    deliver_due(world.engine, settings, sender_of(settings), at(DAY, 7))
    (act,) = [one for one in world.rows(Event) if one.act == "report.deliver"]
    files = (act.detail or {})["files"]
    assert files["hoa@lamgiang.example"] == "not_found"
    assert len(files["chi@lamgiang.example"]) == 64


def test_schedules_are_the_delegations_to_make_and_to_end(world: World) -> None:
    with pytest.raises(RoleNotAllowed):
        _schedule(world, "ben", "ben")
    with pytest.raises(NotFound):
        _schedule(world, "ada", "nobody")
    with pytest.raises(InputWrong):
        _schedule(world, "ada", "chi", rhythm="FREQ=SOMETIMES")
    number = _schedule(world, "ada", "chi")
    with writing(world.engine) as db:
        report_schedules.end(Desk(db, access.find_actor(db, "ada@lamgiang.example"), at(world.today)), number)
        assert report_schedules.running(db) == []
