"""One browser and one house for all tests of a file; a window stays open for each person who is needed."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.servers.schema import SchemaTemplates
from tests.web.chromium import Watched, launched
from tests.web.gallery.story import LivedIn, lived_in


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = launched(playwright)
        yield found
        found.close()


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory, schema_templates: SchemaTemplates) -> Iterator[LivedIn]:
    with lived_in(tmp_path_factory.mktemp("house"), schema_templates) as house:
        yield house


class Windows:
    """The window of each person, opened when first asked for."""

    def __init__(self, house: LivedIn, browser: Browser) -> None:
        self.house, self.browser = house, browser
        self.keys = house.keys()
        self.opened: dict[str | None, Watched] = {}

    def of(self, who: str | None) -> Watched:
        if who not in self.opened:
            size = {"width": 1280, "height": 900}
            base = self.house.settings.base_url
            window = Watched(self.browser, base, viewport=size, reduced_motion="reduce")
            if who is not None:
                window.enter(self.house.link(who))
            self.opened[who] = window
        return self.opened[who]


@pytest.fixture(scope="module")
def windows(told: LivedIn, chromium: Browser) -> Iterator[Windows]:
    found = Windows(told, chromium)
    yield found
    for window in found.opened.values():
        window.close()
