from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from workflow.calendar import WorkingCalendar, build_document
from workflow.calendar_file import load_source
from workflow.lifecycle import Lifecycle, load_lifecycle
from workflow.policy import Policy, load_policy

settings.register_profile(
    "rules", deadline=None, database=None
)  # shared, slow machines; no files left behind
settings.load_profile("rules")

CONFIG = Path(__file__).parents[2] / "config"


@pytest.fixture(scope="session")
def vn_source() -> dict[str, Any]:
    return load_source((CONFIG / "calendars" / "vn.yaml").read_text("utf-8"), "vn")


@pytest.fixture(scope="session")
def vn_document(vn_source: dict[str, Any]) -> dict[str, Any]:
    return build_document(vn_source)


@pytest.fixture(scope="session")
def vn(vn_document: dict[str, Any]) -> WorkingCalendar:
    return WorkingCalendar.from_document(vn_document)


@pytest.fixture(scope="session")
def policy_text() -> str:
    return (CONFIG / "policies" / "default.yaml").read_text("utf-8")


@pytest.fixture(scope="session")
def policy(policy_text: str) -> Policy:
    return load_policy(policy_text, "default")


@pytest.fixture(scope="session")
def lifecycle_text() -> str:
    return (CONFIG / "lifecycles" / "directive.yaml").read_text("utf-8")


@pytest.fixture(scope="session")
def lifecycle(lifecycle_text: str) -> Lifecycle:
    return load_lifecycle(lifecycle_text, "directive")
