"""`python -m tests.web.gallery FOLDER`: every page with something on it, photographed in each look, and contact sheets."""

import argparse
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, NamedTuple

from playwright.sync_api import Browser, sync_playwright

from tests.servers.schema import SchemaTemplates
from tests.web.chromium import Watched, launched
from tests.web.gallery.story import LivedIn, lived_in
from tests.web.gallery.views import VIEWS, View

SHEET, TALLEST = 6, 560
"""Pictures on a sheet, and how much of a long page it shows: a sheet is to be read at its own size."""
STYLE = """body{margin:8px;background:#888;font:15px sans-serif;display:flex;flex-wrap:wrap;gap:8px;align-items:flex-start}
figure{margin:0;background:#fff;padding:4px}figcaption{padding:2px;font-size:12px;max-width:400px}img{display:block;object-fit:cover;object-position:top}"""


class Look(NamedTuple):
    locale: str
    theme: Literal["light", "dark"]
    width: int
    medium: Literal["screen", "print"] = "screen"

    @property
    def name(self) -> str:
        return f"{self.locale}-{self.theme}-{self.width}" + ("-print" if self.medium == "print" else "")


LOOKS = [
    Look("vi", "light", 1280), Look("vi", "dark", 1280), Look("vi", "light", 390), Look("vi", "dark", 390),
    Look("en", "light", 1280), Look("vi", "light", 800, "print"),
]  # fmt: skip
PRINTED = ("/", "/nhiem-vu/{code}", "/bao-cao", "/nhiem-vu/hang-loat", "/bao-cao/danh-sach")


def _photographed(house: LivedIn, browser: Browser, folder: Path, look: Look, wanted: str) -> list[Path]:
    taken, keys = [], house.keys()
    for who, views in _by_person(look, wanted):
        size = {"width": look.width, "height": 900}
        window = Watched(browser, house.settings.base_url, viewport=size, color_scheme=look.theme)
        if who is not None:
            window.enter(house.link(who))
        window.page.emulate_media(media=look.medium)
        for number, view in views:
            address = view.address.format(**keys)
            window.page.goto(f"{address}{'&' if '?' in address else '?'}lang={look.locale}")
            name = re.sub(r"\W+", "-", view.address).strip("-") or "tong-quan"
            taken.append(folder / f"{look.name}-{number:02}-{who or 'nobody'}-{name}.png")
            window.page.screenshot(path=taken[-1], full_page=True)
        window.close()
    return sorted(taken)


def _by_person(look: Look, wanted: str) -> Iterator[tuple[str | None, list[tuple[int, View]]]]:
    seen = [
        (number, view)
        for number, view in enumerate(VIEWS)
        if wanted in view.address and (look.medium == "screen" or view.route in PRINTED)
    ]
    for who in dict.fromkeys(view.who for _number, view in seen):
        yield who, [(number, view) for number, view in seen if view.who == who]


def _sheets(browser: Browser, folder: Path, look: Look, pictures: list[Path]) -> None:
    width, most = (410, SHEET) if look.width > 400 else (200, 2 * SHEET)
    for first in range(0, len(pictures), most):
        figures = "".join(
            f'<figure><figcaption>{one.stem}</figcaption><img src="{one.as_uri()}" style="width:{width}px;max-height:{TALLEST}px"></figure>'
            for one in pictures[first : first + most]
        )
        page = browser.new_page(viewport={"width": 1280, "height": 600})
        file = folder / "sheet.html"
        file.write_text(f"<meta charset=utf-8><style>{STYLE}</style>{figures}", encoding="utf-8")
        page.goto(file.as_uri())
        page.screenshot(path=folder / f"sheet-{look.name}-{first // most + 1}.png", full_page=True)
        file.unlink()
        page.close()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.web.gallery", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", default="", help="addresses that hold this word")
    parser.add_argument("--look", default="", help="looks whose name holds this word, such as dark-390")
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        browser = launched(playwright)
        with lived_in(Path(home), SchemaTemplates(Path(home))) as house:
            for look in [one for one in LOOKS if given.look in one.name]:
                pictures = _photographed(house, browser, given.folder, look, given.only)
                _sheets(browser, given.folder, look, pictures)
                print(f"{look.name}: {len(pictures)} pages")
        browser.close()


if __name__ == "__main__":
    main()
