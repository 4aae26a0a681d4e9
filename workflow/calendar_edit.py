"""A calendar file with more days in it, with days taken out, or with one more year confirmed."""

from collections.abc import Iterable
from datetime import date
from operator import itemgetter
from typing import Any

import yaml

from workflow.calendar_file import load_source
from workflow.policy import WEEKDAYS


def entry(day: date, kind: str, vi: str, en: str, source: str, status: str) -> dict[str, Any]:
    return {
        "on": day.isoformat(),
        "kind": kind,
        "name": {"vi": vi, "en": en},
        "source": source,
        "status": status,
    }


def with_days(text: str, name: str, entries: Iterable[dict[str, Any]]) -> str:
    """The file with these days, in place of what it said about them. Comments are not kept."""
    content = load_source(text, name)
    days = {one["on"]: one for one in (*content["days"], *entries)}
    return _written({**content, "days": list(days.values())})


def without_day(text: str, name: str, day: date) -> str:
    """The file without what it says about one day: the library's word stands again."""
    content = load_source(text, name)
    return _written({**content, "days": [one for one in content["days"] if one["on"] != day.isoformat()]})


def confirmed(text: str, name: str, year: int) -> str:
    """The file with this year, and those before it, taken as law."""
    content = load_source(text, name)
    return _written({**content, "confirmed_through": max(year, content["confirmed_through"])})


def _written(content: dict[str, Any]) -> str:
    return yaml.safe_dump(
        {
            "country": content["country"],
            "weekend": [WEEKDAYS[number] for number in content["weekend"]],
            "confirmed_through": content["confirmed_through"],
            "days": [_row(one) for one in sorted(content["days"], key=itemgetter("on"))],
        },
        allow_unicode=True,
        sort_keys=False,
        width=1_000,
    )


def _row(one: dict[str, Any]) -> dict[str, Any]:
    return {
        "day": one["on"],
        "kind": one["kind"],
        "vi": one["name"]["vi"],
        "en": one["name"]["en"],
        "source": one["source"],
        "status": one["status"],
    }
