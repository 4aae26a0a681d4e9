"""A running site over a small world, and people with browsers who sign in to it."""

import re
from datetime import date
from pathlib import Path
from typing import Any

from httpx2 import Response
from pydantic import SecretStr
from sqlalchemy import Engine, select
from sqlmodel import col
from starlette.testclient import TestClient

from config import instant
from config.database import writing
from config.settings import Settings
from tests.world import World, at
from web.app import create_app
from workflow import access, accounts, intake
from workflow.conclusions.intake import read_pasted
from workflow.desk import Desk
from workflow.models.person import Person, Role

BASE = "http://127.0.0.1:8000"
CONCLUSION = """Đoàn giám sát làm việc với Sở Công Thương

Tham dự buổi làm việc có lãnh đạo các sở, ngành liên quan.

Kết luận buổi làm việc, đồng chí Trưởng đoàn yêu cầu Sở Công Thương rà soát quy hoạch khoáng sản trước ngày 30/9/2026; \
báo cáo kết quả xử lý vi phạm tại các mỏ trước ngày 15/10/2026. Giao Sở Y tế kiểm tra môi trường tại các chợ.
"""
FORM_KEY = re.compile(r'name="form_key" value="(\w+)"')
EVERYBODY = ("ben", "huy", "cleo", "hoa", "ada", "duc", "chi", "quan", "lan", "ky")


class House:
    """`lan` is leadership, `ky` an auditor; the others are the people of the world."""

    def __init__(
        self, engine: Engine, home: Path, today: date = date(2026, 8, 20), base_url: str = BASE
    ) -> None:
        self.world = World(engine, today)
        with writing(engine) as db:
            db.add(Person(name="Lan", email="lan@lamgiang.example", role=Role.LEADERSHIP))
            db.add(Person(name="Ky", email="ky@lamgiang.example", role=Role.AUDITOR))
        self.settings = Settings(
            home=home,
            smtp_url=f"mailbox:{home / 'mailbox'}",
            base_url=base_url,
            clock_file=home / "clock",
            secret_key=SecretStr("k3y-of-a-house-that-only-tests-live-in"),
        )
        self.today(today)
        self.app = create_app(self.settings, engine)
        self.engine = engine

    def today(self, on: date, hour: int = 9) -> None:
        self.world.today = on
        instant.set_now(self.settings.home / "clock", at(on, hour))

    def nights(self, until: date) -> None:
        self.world.nights(until)
        self.today(until)

    def take_in(self, on: date) -> str:
        """The text of a conclusion that gives three orders, taken in by Ada; returns its code."""
        with writing(self.engine) as db:
            desk = Desk(db, access.find_actor(db, "ada@lamgiang.example"), at(on))
            return intake.take_in(desk, "GS14", read_pasted(CONCLUSION), "ket-luan.txt").code

    def browser(self) -> TestClient:
        """Somebody who has not signed in."""
        return TestClient(self.app, base_url=BASE, follow_redirects=False, raise_server_exceptions=True)

    def link(self, who: str) -> str:
        with writing(self.engine) as db:
            person = db.scalars(select(Person).where(col(Person.email) == f"{who}@lamgiang.example")).one()
            return accounts.sign_in_link(db, person, instant.real_now())

    def enter(self, who: str) -> "Guest":
        guest, token = Guest(self.browser()), self.link(who)
        answer = guest.send(f"/vao/{token}", f"/vao/{token}")
        assert answer.status_code == 303, answer.text
        return guest


class Guest:
    """One browser: reads pages, and sends forms with the key of the page they stand on."""

    def __init__(self, client: TestClient) -> None:
        self.client = client

    def get(self, path: str, **more: Any) -> Response:
        return self.client.get(path, **more)

    def page(self, path: str) -> str:
        answer = self.client.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        return answer.text

    def key(self, path: str) -> str:
        found = FORM_KEY.search(self.page(path))
        assert found is not None, path
        return found[1]

    def send(self, path: str, page: str, **values: Any) -> Response:
        """Fill in the form that stands on `page` and send it to `path`. `files` are uploads."""
        files, headers = values.pop("files", None), values.pop("headers", None)
        data = {
            "form_key": self.key(page),
            **{name.replace("__", "."): value for name, value in values.items()},
        }
        return self.client.post(path, data=data, files=files, headers=headers)
