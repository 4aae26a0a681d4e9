"""Seconds each report takes over a province's year: python -m bench.reports [--directives 3000]"""

import argparse
import tempfile
from datetime import date
from pathlib import Path
from time import perf_counter

from bench.reports.province import LAST, Size, fill
from config import rules
from config.database import open_database, reading, writing
from reports.making import Office, make
from reports.request import REGISTER_ONLY, Format, Letterhead, Profile, ReportKind, Wanted
from tests.world import at
from workflow.access import SYSTEM
from workflow.figures.scope import Scope
from workflow.models import registry

DAY = date(2026, 7, 31)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--directives", type=int, default=Size().directives)
    size = Size(directives=parser.parse_args().directives)
    with tempfile.TemporaryDirectory() as folder:
        engine = open_database(f"sqlite:///{folder}/bench.db")
        registry.metadata().create_all(engine)
        with writing(engine) as db:
            rules.install(db, at(LAST))
            fill(db, size)
        office = Office(
            Letterhead("Đoàn giám sát", None, None, Profile.PARTY), Path(folder), "http://127.0.0.1:8000"
        )
        print(f"{size.agencies} agencies, {size.supervisions} supervisions, {size.directives} directives")
        with reading(engine) as db:
            for kind in ReportKind:
                for form in Format:
                    if form in REGISTER_ONLY and kind is not ReportKind.REGISTER:
                        continue
                    start = perf_counter()
                    made = make(db, SYSTEM, Wanted(kind, Scope(DAY)), form, office, at(DAY))
                    print(
                        f"{kind.value:12} {form.value:6} {perf_counter() - start:6.2f} s {len(made.content) / 1024:8.0f} kB"
                    )
        engine.dispose()


if __name__ == "__main__":
    main()
