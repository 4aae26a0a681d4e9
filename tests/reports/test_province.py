"""A year of a province, counted a second time by pandas from the facts it was made of."""

from datetime import date, timedelta

import pandas as pd
import pytest
from sqlalchemy import Engine

from bench.reports.province import PROGRAMMES, Size, fill, lives
from config import rules
from config.database import reading, writing
from tests.world import at
from workflow.access import SYSTEM
from workflow.figures import counting, listing
from workflow.figures.cells import Basis, Cell, Figure
from workflow.figures.rules import rules_on
from workflow.figures.scope import Dimension, Scope

SIZE = Size()
TODAY = date(2026, 7, 31)
MARCH = date(2026, 3, 31)


@pytest.fixture
def province(engine: Engine) -> Engine:
    with writing(engine) as db:
        rules.install(db, at(date(2025, 7, 1)))
        fill(db, SIZE)
    return engine


def _cells(on: date, basis: Basis, soon_until: date) -> pd.DataFrame:
    """The same question, answered from the lives themselves, without a line of ours."""
    frame = pd.DataFrame([vars(life) for life in lives(SIZE)])
    days = ["issued_on", "due_on", "original_on", "granted_on", "reported_on", "closed_on"]
    frame[days] = frame[days].apply(pd.to_datetime)
    day, soon = pd.Timestamp(on), pd.Timestamp(soon_until)
    frame = frame[frame.issued_on <= day].copy()
    due = frame.original_on.where(~(frame.granted_on <= day), frame.due_on)
    due = due if basis is Basis.REVISED else frame.original_on
    closed, reported = frame.closed_on <= day, frame.reported_on <= day
    late = (day - due).dt.days
    frame["cell"] = "in_time"
    frame.loc[due <= soon, "cell"] = "due_soon"
    frame.loc[due.isna(), "cell"] = "undated"
    frame.loc[late > 0, "cell"] = "overdue_30"
    frame.loc[late > 30, "cell"] = "overdue_120"
    frame.loc[late > 120, "cell"] = "overdue_more"
    frame.loc[reported, "cell"] = "waiting"
    for fate, name in (("paused", "suspended"), ("withdrawn", "withdrawn"), ("not_done", "not_done")):
        frame.loc[closed & (frame.fate == fate), "cell"] = name
    done = closed & (frame.fate == "done")
    frame.loc[done, "cell"] = "done_late"
    frame.loc[done & (frame.reported_on <= due), "cell"] = "done_on_time"
    return frame


@pytest.mark.timeout(240)
def test_pandas_counts_the_same_by_agency_programme_and_urgency(province: Engine) -> None:
    for on, basis in ((TODAY, Basis.REVISED), (TODAY, Basis.ORIGINAL), (MARCH, Basis.REVISED)):
        with reading(province) as db:
            known = rules_on(db, on, TODAY)
            tables = {
                by: counting.table(db, SYSTEM, known, Scope(on, basis=basis), by)
                for by in (Dimension.AGENCY, Dimension.PROGRAMME, Dimension.URGENCY)
            }
        frame = _cells(on, basis, known.soon_until)
        keys = {
            Dimension.AGENCY: frame.agency.map("cq{:02d}".format),
            Dimension.PROGRAMME: frame.supervision.map(lambda number: PROGRAMMES[number % 3] or "-"),
            Dimension.URGENCY: frame.urgency.fillna("-"),
        }
        for by, (rows, total) in tables.items():
            expected = pd.crosstab(keys[by], frame.cell).to_dict("index")
            ours = {row.key: {one.value: row[one] for one in Cell if row[one]} for row in rows}
            assert ours == {key: {n: c for n, c in row.items() if c} for key, row in expected.items()}, (
                on,
                by,
            )
            assert total[Figure.TOTAL] == len(frame)
        assert tables[Dimension.AGENCY][1].extensions == int((frame.granted_on <= pd.Timestamp(on)).sum())


def test_a_list_is_as_long_as_its_figure_at_this_size(province: Engine) -> None:
    with reading(province) as db:
        known = rules_on(db, MARCH, TODAY)
        scope = Scope(MARCH, since=MARCH - timedelta(days=30))
        counts = counting.whole(db, SYSTEM, known, scope)
        for cell in (Cell.OVERDUE_120, Cell.DONE_LATE, Cell.WAITING):
            assert len(listing.rows(db, SYSTEM, known, scope, (cell,))) == counts[cell] > 0
