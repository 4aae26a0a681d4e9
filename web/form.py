"""What a person sent with a form: kept as typed, read with plain refusals."""

from dataclasses import dataclass, field
from datetime import date, datetime

from fastapi import Request
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from web.refusals import TooLarge
from workflow.errors import InputWrong

MEGABYTE = 1024 * 1024
MOST = 60 * MEGABYTE
MOST_FILES = 10
MOST_FIELDS = 1000
SHAPES = ("%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%Y-%m-%d")


@dataclass(frozen=True)
class Upload:
    field: str
    name: str
    content: bytes


@dataclass(frozen=True)
class Form:
    values: dict[str, list[str]] = field(default_factory=dict)
    uploads: tuple[Upload, ...] = ()

    def text(self, name: str) -> str:
        return _kept(self.values.get(name, [""])[0])

    def texts(self, name: str) -> list[str]:
        return [kept for value in self.values.get(name, []) if (kept := _kept(value))]

    def number(self, name: str) -> int | None:
        text = self.text(name)
        return int(text) if text.isdecimal() and len(text) < 10 else None

    def day(self, name: str) -> date | None:
        return parse_day(self.text(name), name)


def parse_day(text: str, name: str) -> date | None:
    """12/10/2026, 12.10.2026, 12-10-2026 or 2026-10-12; None when empty."""
    if not text:
        return None
    for shape in SHAPES:
        try:
            return datetime.strptime(text, shape).date()  # noqa: DTZ007 - a civil date has no zone
        except ValueError:
            continue
    why = {
        "vi": "Ghi ngày/tháng/năm, ví dụ 12/10/2026.",
        "en": "Write day/month/year, for example 12/10/2026.",
    }
    raise InputWrong(field=name, value=text, why=why)


async def read_form(request: Request) -> Form:
    """Within limits that are checked while reading, not afterwards."""
    length = request.headers.get("content-length", "0")
    if not length.isdecimal() or int(length) > MOST:
        raise TooLarge(most=MOST // MEGABYTE)
    try:
        async with request.form(
            max_files=MOST_FILES, max_fields=MOST_FIELDS, max_part_size=2 * MEGABYTE
        ) as given:
            values: dict[str, list[str]] = {}
            uploads: list[Upload] = []
            for name, value in given.multi_items():
                if isinstance(value, UploadFile):
                    if value.filename:
                        uploads.append(Upload(name, value.filename, await value.read()))
                else:
                    values.setdefault(name, []).append(value)
    except HTTPException as error:
        raise TooLarge(most=MOST // MEGABYTE) from error
    return Form(values, tuple(uploads))


def _kept(value: str) -> str:
    """No text of ours holds a NUL: PostgreSQL has no place for it."""
    return value.replace("\x00", "").strip()
