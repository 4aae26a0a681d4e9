"""A program that calls the API: with a person's cookie and form key, or with a token."""

from dataclasses import dataclass, field
from typing import Any

from httpx2 import Response
from starlette.testclient import TestClient

from config import instant
from config.database import writing
from tests.web.house import House
from workflow import access, api_tokens
from workflow.api_tokens import Scope
from workflow.desk import Desk

V1 = "/api/v1"


@dataclass
class Program:
    client: TestClient
    headers: dict[str, str] = field(default_factory=dict)

    @classmethod
    def with_cookie(cls, house: House, who: str) -> "Program":
        client = house.enter(who).client
        return cls(client, {"X-Form-Key": client.get(f"{V1}/me").json()["form_key"]})

    @classmethod
    def with_token(cls, house: House, who: str, *scopes: Scope) -> "Program":
        return cls(house.browser(), {"Authorization": f"Bearer {make_token(house, who, *scopes)}"})

    def get(self, path: str, **query: Any) -> Response:
        return self.client.get(V1 + path, headers=self.headers, params=query)

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.request(method, V1 + path, json=body, headers={**self.headers, **named})

    def post(self, path: str, body: Any = None, **headers: str) -> Response:
        return self.send("POST", path, body, **headers)


def make_token(house: House, who: str, *scopes: Scope, days: int = 90) -> str:
    with writing(house.engine) as db:
        desk = Desk(db, access.find_actor(db, f"{who}@lamgiang.example"), house.app.state.site.now())
        return api_tokens.make(desk, "Máy thử", scopes or tuple(Scope), instant.real_now(), days=days).text
