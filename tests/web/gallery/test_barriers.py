"""Every page, in both languages, light and dark, wide and narrow: no barrier that a machine can find."""

from typing import Literal

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from tests.web.gallery.conftest import Windows
from tests.web.gallery.story import LivedIn
from tests.web.gallery.views import API, NO_PAGES, VIEWS
from tests.web.test_routes import _routes

RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
    "preload": False,
    "iframes": False,  # a mail is drawn in a frame that lets no script in, not even this one
}
FOUND = """rules => axe.run(rules).then(told => told.violations.flatMap(
    one => one.nodes.slice(0, 3).map(node => `${one.id}: ${node.target} ${node.failureSummary}`)))"""
LOOKS: list[tuple[Literal["light", "dark"], int]] = [
    ("light", 1280),
    ("dark", 1280),
    ("dark", 390),
    ("light", 390),
]
NARROWEST = 320
PARTS = 8
MISSING = ("/nhiem-vu/none", "/t/none")


def barriers(page: Page, name: str) -> dict[str, object]:
    """Of the page as it stands, in each look in turn; it is loaded once, and is never wider than its screen."""
    page.evaluate(f"{AXE_SCRIPT};0")
    found: dict[str, object] = {}
    for theme, width in LOOKS:
        page.emulate_media(color_scheme=theme)
        page.set_viewport_size({"width": width, "height": 900})
        if told := page.evaluate(FOUND, RULES):
            found[f"{name} {theme} {width}"] = told
        found |= _too_wide(page, name, width)
    page.set_viewport_size({"width": NARROWEST, "height": 900})
    return found | _too_wide(page, name, NARROWEST)


def _too_wide(page: Page, name: str, width: int) -> dict[str, object]:
    needed = page.evaluate("document.documentElement.scrollWidth")
    return {f"{name} {width}": f"{needed} wide"} if needed > width else {}


def test_every_route_is_looked_at_or_known_to_be_no_page(told: LivedIn) -> None:
    """A new page belongs into VIEWS, with somebody to whom it opens and something on it."""
    reading = {path for method, path in _routes(told) if method == "GET" and not path.startswith(API)}
    assert reading == {view.route for view in VIEWS} | NO_PAGES


@pytest.mark.timeout(300)
@pytest.mark.parametrize("locale", ["vi", "en"])
@pytest.mark.parametrize("part", range(PARTS))
def test_no_page_has_a_barrier_a_machine_can_find(windows: Windows, part: int, locale: str) -> None:
    found: dict[str, object] = {}
    for view in VIEWS[part::PARTS]:
        window = windows.of(view.who)
        address = view.address.format(**windows.keys)
        answer = window.page.goto(f"{address}{'&' if '?' in address else '?'}lang={locale}")
        assert answer is not None
        assert (answer.status, answer.request.redirected_from) == (
            404 if view.address in MISSING else 200,
            None,
        )
        assert window.page.get_attribute("html", "lang") == locale
        found |= barriers(window.page, f"{view.who} {address}")
    assert found == {}
    for window in windows.opened.values():
        assert [one for one in window.complaints if "404" not in one] == []
        assert window.strangers == []
