"""What a page looks like to one visitor: language and theme, known without asking the database."""

from dataclasses import dataclass
from typing import Literal

from starlette.requests import Request

Locale = Literal["vi", "en"]
LANGUAGE_COOKIE = "dondoc_lang"
THEME_COOKIE = "dondoc_theme"
PAPER_COOKIE = "dondoc_paper"
DENSITY_COOKIE = "dondoc_density"
THEMES = ("light", "dark", "auto")
PAPERS = ("nha-nuoc", "dang")
DENSITIES = ("normal", "compact")
YEAR = 365 * 24 * 3600


@dataclass(frozen=True)
class Look:
    """`chosen_*` is what this very request asked for, to be remembered in a cookie."""

    locale: Locale
    theme: str
    chosen_locale: Locale | None = None
    chosen_theme: str | None = None
    paper: str = "nha-nuoc"
    chosen_paper: str | None = None
    density: str = "normal"
    chosen_density: str | None = None

    def say(self, vi: str, en: str, **facts: object) -> str:
        """The sentence in the visitor's language, with its facts filled in."""
        return (en if self.locale == "en" else vi).format(**facts) if facts else self._plain(vi, en)

    def _plain(self, vi: str, en: str) -> str:
        return en if self.locale == "en" else vi

    def pick(self, pair: dict[str, str]) -> str:
        """One of a pair of texts kept as data."""
        return pair.get(self.locale) or pair["vi"]


def look_of(request: Request, fallback: str) -> Look:
    """Asked for in the address, else remembered, else the fallback."""
    chosen = _locale(request.query_params.get("lang"))
    theme = request.query_params.get("theme")
    chosen_theme = theme if theme in THEMES else None
    paper, density = request.query_params.get("paper"), request.query_params.get("density")
    chosen_paper = paper if paper in PAPERS else None
    chosen_density = density if density in DENSITIES else None
    return Look(
        paper=chosen_paper or _known(request.cookies.get(PAPER_COOKIE), PAPERS),
        chosen_paper=chosen_paper,
        density=chosen_density or _known(request.cookies.get(DENSITY_COOKIE), DENSITIES),
        chosen_density=chosen_density,
        locale=chosen or _locale(request.cookies.get(LANGUAGE_COOKIE)) or _locale(fallback) or "vi",
        theme=chosen_theme or _theme(request.cookies.get(THEME_COOKIE)),
        chosen_locale=chosen,
        chosen_theme=chosen_theme,
    )


def _known(word: str | None, words: tuple[str, ...]) -> str:
    return word if word in words else words[0]


def _locale(word: str | None) -> Locale | None:
    if word == "vi":
        return "vi"
    return "en" if word == "en" else None


def _theme(word: str | None) -> str:
    return word if word in THEMES else "auto"
