"""How many questions a page asks: at most twelve, and no more of a longer register."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from sqlalchemy import Engine, event

from tests.web.house import Guest, House

MOST = 12
PAGES = {
    "ada": (
        "/", "/nhiem-vu", "/nhiem-vu?group=late", "/nhiem-vu?q=GS14-01", "/nhiem-vu?q=khong+co",
        "/nhiem-vu?sort=lead", "/nhiem-vu?agency=sct", "/nhiem-vu/GS14-01", "/ket-luan", "/co-quan", "/co-quan/sct",
        "/lich", "/don-doc", "/luot-quet",
    ),
    "ben": ("/", "/nhiem-vu", "/nhiem-vu?q=GS14-01", "/nhiem-vu/GS14-01"),
    "lan": ("/", "/nhiem-vu"),
}  # fmt: skip


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        # The limits said when a transaction of PostgreSQL begins are no question.
        if statement.lstrip().startswith(("SELECT", "WITH")) and "set_config" not in statement:
            asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", note)


def _asked(house: House, guests: dict[str, Guest]) -> dict[tuple[str, str], int]:
    """The first look of a process may read the rules; the second is every later one."""
    found = {}
    for who, pages in PAGES.items():
        for path in pages:
            guests[who].page(path)
            with counted(house.engine) as asked:
                guests[who].page(path)
            found[who, path] = len(asked)
    return found


def test_a_page_asks_at_most_twelve_questions_and_no_more_of_a_longer_register(house: House) -> None:
    house.world.issue("GS14-01", due=date(2026, 9, 25))
    house.world.move("ben", "GS14-01", "acknowledge")
    house.nights(until=date(2026, 8, 22))
    guests = {who: house.enter(who) for who in PAGES}
    few = _asked(house, guests)
    for number in range(2, 12):
        house.world.issue(f"GS14-{number:02}", due=date(2026, 9, 25))
    many = _asked(house, guests)
    assert {page: count for page, count in few.items() if count > MOST} == {}
    assert {page: (few[page], many[page]) for page in few if many[page] > few[page]} == {}
