"""Every mutant of the table still fits the product's source, and names a test there is."""

from pathlib import Path

import pytest

from tests.faultlab.mutants import MUTANTS, ROOT, Mutant

REQUIRED = 12  # of the specification; one of them is tried at two places


def test_none_of_the_twelve_is_left_out() -> None:
    assert len({one.name for one in MUTANTS}) >= REQUIRED


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda one: one.name)
def test_the_change_fits_once_and_its_test_exists(mutant: Mutant) -> None:
    for name, old, new in mutant.changes:
        assert (ROOT / name).read_text(encoding="utf-8").count(old) == 1, (name, old)
        assert old != new
    file, _, test = mutant.test.partition("::")
    assert f"def {test.partition('[')[0]}(" in Path(ROOT / file).read_text(encoding="utf-8")
