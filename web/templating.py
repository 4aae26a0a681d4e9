"""The template environment: everything escaped, everything named must exist."""

import hashlib
from datetime import date, datetime
from functools import cache
from importlib import resources
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from web.field_names import in_words

WEEKDAYS = {
    "vi": ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}


def environment(zone: ZoneInfo) -> Environment:
    pages = Environment(
        loader=PackageLoader("web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.do"],
    )
    pages.filters.update(
        day=day, short_day=short_day, weekday=weekday, digits=digits, capitalize_first=capitalize_first,
        iso_day=iso_day, in_words=in_words,
        moment=lambda instant: moment(instant, zone), clock=lambda instant: clock(instant, zone),
    )  # fmt: skip
    pages.globals["style_mark"] = style_mark()
    return pages


@cache
def style_mark() -> str:
    """Changes with the stylesheet, so that a browser may keep it for a year."""
    sheet = resources.files("web").joinpath("static/style.css").read_bytes()
    return hashlib.sha256(sheet).hexdigest()[:12]


def day(on: date | None) -> Markup:
    return _time(on.isoformat(), f"{on:%d/%m/%Y}") if on else Markup("")


def iso_day(text: str | None) -> Markup:
    """A day kept as text; what is none is shown as it stands."""
    try:
        return day(date.fromisoformat(text)) if text else Markup("")
    except ValueError:
        return Markup("{}").format(text)


def short_day(on: date) -> Markup:
    return _time(on.isoformat(), f"{on:%d/%m}")


def moment(instant: datetime, zone: ZoneInfo) -> Markup:
    local = instant.astimezone(zone)
    return _time(local.isoformat(timespec="minutes"), f"{local:%d/%m/%Y, %H:%M}")


def clock(instant: datetime, zone: ZoneInfo) -> Markup:
    local = instant.astimezone(zone)
    return _time(local.isoformat(timespec="minutes"), f"{local:%H:%M}")


def weekday(on: date, locale: str) -> str:
    return WEEKDAYS[locale][on.weekday()]


def digits(number: int, locale: str) -> str:
    """Thousands as the language writes them: 12.345 or 12,345."""
    text = f"{number:,}"
    return text if locale == "en" else text.replace(",", ".")


def capitalize_first(text: str) -> str:
    """A sentence begins with a capital, whatever follows stays as written."""
    return text[:1].upper() + text[1:]


def _time(machine: str, said: str) -> Markup:
    return Markup('<time datetime="{}">{}</time>').format(machine, said)
