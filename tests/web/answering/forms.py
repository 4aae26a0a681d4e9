"""What an agency fills in: forms read from the page and sent as a browser would."""

import re
from datetime import date
from typing import Any

from httpx2 import Response
from starlette.testclient import TestClient

from tests.web.house import House
from workflow.models.directive import Directive
from workflow.models.event import Event

DUE = date(2026, 9, 30)
KEY = re.compile(r'name="form_key" value="([^"]+)"')
SEAL = re.compile(r'name="report\.held" value="([^"]+)"')
AN = {"name": "Nguyễn Văn An", "post": "Chuyên viên"}


def mistyped(text: str) -> str:
    """Never the text itself, whatever it ends in."""
    return text[:-1] + ("a" if text[-1] != "a" else "b")


def key_of(page: str, action: str) -> str:
    """Of the form that goes to this address."""
    form = page[page.index(f'action="{action}"') :]
    found = KEY.search(form)
    assert found is not None
    return found[1]


def send(clerk: TestClient, token: str, code: str = "GS14-01", **values: Any) -> Response:
    files = values.pop("files", None)
    path = f"/t/{token}/nv/{code}"
    data = {
        "form_key": key_of(clerk.get(path).text, path),
        **AN,
        **{k.replace("__", "."): v for k, v in values.items()},
    }
    return clerk.post(path, data=data, files=files)


def state(house: House, code: str = "GS14-01") -> str:
    return next(one.state for one in house.world.rows(Directive) if one.code == code)


def acts(house: House, code: str = "GS14-01") -> list[str]:
    ids = {one.code: one.id for one in house.world.rows(Directive)}
    return [one.act for one in house.world.rows(Event) if one.directive_id == ids[code]]
