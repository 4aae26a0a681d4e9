"""Measures the reader against annotated conclusions: `python -m bench.reading [FOLDER …] [--json]`.

A folder holds NAME.txt beside NAME.json; without one the repository's own sets are taken.
"""

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any

from bench.reading.scoring import Tally, score
from workflow.conclusions.agencies import Register
from workflow.conclusions.folding import nfc
from workflow.conclusions.reader import read

CORPUS = Path(__file__).parents[2] / "tests" / "conclusions" / "corpus"
SETS = ("dev", "own", "own2", "own3", "own4")
COLUMNS = ("f1", "precision", "recall", "lead", "coordinating", "deadline", "output", "complete", "fields")


def measure(folder: Path, register: Register) -> dict[str, dict[str, Tally]]:
    """Tallies by kind of document, and by document."""
    kinds: dict[str, Tally] = {}
    documents: dict[str, Tally] = {}
    for gold_file in sorted(folder.glob("*.json")):
        gold = json.loads(gold_file.read_text(encoding="utf-8"))
        text = nfc(gold_file.with_suffix(".txt").read_text(encoding="utf-8"))
        tally = score(text, gold, read(text, register).to_gold())
        kind = gold["document"]["kind"]
        kinds[kind] = kinds.get(kind, Tally()) + tally
        documents[gold_file.stem] = tally
    return {"kinds": kinds, "documents": documents}


def show(title: str, rows: dict[str, Tally]) -> None:
    print(
        f"{title:24}{'docs':>6}{'gold':>6}{'found':>6}"
        + "".join(f"{c[:9]:>10}" for c in COLUMNS)
        + f"{'wrong':>7}"
    )
    for name, tally in [*rows.items(), ("total", sum(rows.values(), Tally()))]:
        figures = tally.figures()
        cells = "".join(f"{figures[column]:10.3f}" for column in COLUMNS)
        print(f"{name:24}{tally.documents:6}{tally.wanted:6}{tally.found:6}{cells}{tally.wrong_dates:7}")
    print()


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--agencies", type=Path, default=CORPUS / "agencies.json")
    parser.add_argument("--documents", action="store_true", help="one row per document, too")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    register = Register.from_json(json.loads(options.agencies.read_text(encoding="utf-8")))
    report: dict[str, Any] = {}
    for folder in options.folders or [CORPUS / name for name in SETS if (CORPUS / name).is_dir()]:
        began = time.perf_counter()
        tallies = measure(folder, register)
        report[folder.name] = {
            part: {k: t.as_row() for k, t in rows.items()} for part, rows in tallies.items()
        }
        if not options.json:
            show(folder.name, tallies["kinds"])
            if options.documents:
                show(f"{folder.name}, documents", tallies["documents"])
            print(f"{folder.name}: {(time.perf_counter() - began) * 1000:.0f} ms\n")
    if options.json:
        print(json.dumps(report, ensure_ascii=False, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
