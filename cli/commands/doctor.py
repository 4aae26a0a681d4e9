"""dondoc doctor: every part looked at, one line each."""

import click

from cli.checks import Finding, look
from cli.output import emit, table
from cli.runtime import Runtime, pass_runtime
from cli.speech import Command, as_json

PARTLY = 4


def command() -> click.Command:
    return doctor


@click.command(cls=Command, help="Kiểm tra mọi bộ phận; mã thoát 4 nếu có chỗ hỏng / check every part.")
@as_json
@pass_runtime
def doctor(runtime: Runtime, as_json: bool) -> int:
    findings = list(look(runtime))
    if as_json:
        emit([_document(one, runtime.lang) for one in findings])
    else:
        headers = {"vi": ("", "Phần", "Tình trạng", "Cách sửa"), "en": ("", "Part", "State", "Remedy")}[
            runtime.lang
        ]
        table(headers, [_cells(one, runtime.lang) for one in findings], style={"!!": "bold red"})
    return 0 if all(one.is_well for one in findings) else PARTLY


def _cells(one: Finding, locale: str) -> tuple[str, ...]:
    return ("ok" if one.is_well else "!!", one.part, one.said[locale], "" if one.is_well else one.remedy)


def _document(one: Finding, locale: str) -> dict[str, object]:
    return {"part": one.part, "ok": one.is_well, "state": one.said[locale], "remedy": one.remedy or None}
