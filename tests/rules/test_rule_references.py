"""The reference pages name every key the readers take."""

from pathlib import Path

import pytest

from workflow.calendar import LISTED_KINDS, STATUSES
from workflow.ladder_file import LADDER_NAMES, RUNG_KINDS
from workflow.lifecycle_file import AUDIENCE, EFFECTS, INPUTS, MOVE_OPTIONAL
from workflow.moves import Phase, Role
from workflow.policy import FIELDS, TERMS

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"


@pytest.mark.parametrize(
    ("page", "keys"),
    [
        ("policy.md", (*FIELDS, *TERMS, *LADDER_NAMES, *RUNG_KINDS)),
        ("lifecycle.md", (*INPUTS, *AUDIENCE, *EFFECTS, *MOVE_OPTIONAL, *Phase, *Role)),
        ("calendar.md", (*LISTED_KINDS, *STATUSES)),
    ],
)
def test_every_key_is_on_its_reference_page(page: str, keys: tuple[str, ...]) -> None:
    text = (REFERENCE / page).read_text("utf-8")
    assert [key for key in keys if f"`{key}`" not in text] == []
