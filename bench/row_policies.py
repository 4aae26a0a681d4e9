"""What a second wall of row policies would cost the list of directives on PostgreSQL: `python -m bench.row_policies [ROWS]`.

The same pages with and without: an account that owns nothing, the actor by SET LOCAL in each transaction, a policy on
`directive` that says what `access.visible` says. The wall is built here only; see docs/adr/0012-one-wall-for-rows.md.
"""

import statistics
import sys
from collections.abc import Callable
from functools import partial
from time import perf_counter

from sqlalchemy import Engine, text
from sqlmodel import Session

from bench.databases import original
from bench.pages.town import TODAY, build
from bench.table import show
from config.database import open_database, reading
from workflow import access, standing
from workflow.access import Actor
from workflow.store.directives import listed
from workflow.store.filters import Filter

TIMES = 25
PEOPLE = ("vanthu@tinh.example", "thuky@tinh.example", "lanhdao@tinh.example")
QUERIES = {"list": Filter(), "search": Filter(text="khoáng sản"), "one state": Filter(states=("issued",))}
WALL = """
CREATE ROLE pages NOLOGIN;
GRANT USAGE ON SCHEMA public TO pages;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO pages;
ALTER TABLE directive ENABLE ROW LEVEL SECURITY;
CREATE POLICY known ON directive TO pages USING (
    (SELECT current_setting('dondoc.all', true) = 'on')
    OR id IN (
        SELECT directive_id FROM coordination
        WHERE organization_id = ANY (string_to_array(current_setting('dondoc.bodies', true), ',')::bigint[])
    ) AND issued_on IS NOT NULL
    OR lead_id = ANY ((SELECT string_to_array(current_setting('dondoc.bodies', true), ',')::bigint[])::bigint[])
        AND issued_on IS NOT NULL
    OR supervision_id IN (
        SELECT id FROM supervision
        WHERE delegation_id = ANY (string_to_array(current_setting('dondoc.bodies', true), ',')::bigint[])
    )
)
"""
Ask = Callable[[Session], object]


def behind_the_wall(db: Session, actor: Actor) -> None:
    bodies = ",".join(map(str, sorted(actor.organizations())))
    settings = "set_config('dondoc.bodies', :bodies, true), set_config('dondoc.all', :all, true)"
    db.execute(text(f"SELECT {settings}"), {"bodies": bodies, "all": "on" if actor.sees_all else "off"})
    db.execute(text("SET LOCAL ROLE pages"))


def milliseconds(engine: Engine, actor: Actor | None, ask: Ask) -> tuple[float, object]:
    """`actor`: behind the wall, as this one."""
    began = perf_counter()
    with reading(engine) as db:
        if actor is not None:
            behind_the_wall(db, actor)
        found = ask(db)
    return 1000 * (perf_counter() - began), found


def compared(engine: Engine, actor: Actor, ask: Ask) -> tuple[float, float]:
    """Medians without and with, taken in turns so that a busy machine troubles both."""
    plain, walled = [], []
    for _ in range(TIMES):
        one, seen = milliseconds(engine, None, ask)
        other, seen_behind = milliseconds(engine, actor, ask)
        if seen != seen_behind:
            raise AssertionError("the wall shows something else than the product")
        plain.append(one)
        walled.append(other)
    return statistics.median(plain[2:]), statistics.median(walled[2:])


def main(rows: int) -> None:
    with original("postgresql", partial(build, rows=rows)) as made:
        engine = open_database(made.copy())
        with reading(engine) as db:
            actors = {email.partition("@")[0]: access.find_actor(db, email) for email in PEOPLE}
            as_of = standing.as_of(db, TODAY)
        with engine.begin() as connection:
            connection.execute(text(WALL))
        lines = []
        for who, actor in actors.items():
            for name, wanted in QUERIES.items():
                plain, walled = compared(
                    engine, actor, partial(listed, actor=actor, as_of=as_of, wanted=wanted)
                )
                lines.append(
                    {
                        "who": who,
                        "page": name,
                        "plain ms": plain,
                        "walled ms": walled,
                        "times": walled / plain,
                    }
                )
        engine.dispose()
    show("row_policies", f"The list at {rows:,} directives, without and with row policies", lines)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
