import os
from pathlib import Path

from notifications.kinds import MailKind
from notifications.rendering import render
from notifications.samples import sample

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "mail-kinds.md"
HEAD = "| kind | `X-Dondoc-Ly-Do` | subject, Vietnamese | subject, English | .ics |\n|---|---|---|---|---|\n"


def row(kind: MailKind) -> str:
    vi, en = render(sample(kind, "vi")).subject, render(sample(kind, "en")).subject
    return f"| `{kind}` | `{kind.slug}` | {vi} | {en} | {'yes' if kind.has_calendar_entry else ''} |\n"


def test_the_reference_lists_every_kind_with_its_subjects() -> None:
    """DONDOC_RECORD_GOLDEN=1 writes the table anew."""
    table = HEAD + "".join(row(kind) for kind in sorted(MailKind, key=lambda kind: -kind.severity))
    page = PAGE.read_text(encoding="utf-8")
    if os.environ.get("DONDOC_RECORD_GOLDEN"):
        before, _, after = page.partition(HEAD)
        page = before + table + "\n" + after.partition("\n\n")[2]
        PAGE.write_text(page, encoding="utf-8")
    assert table in page
