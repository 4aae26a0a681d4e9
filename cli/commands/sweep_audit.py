"""dondoc sweep audit: what should have been told so far, against the ledger."""

import click

from cli.output import emit, remark, table
from cli.runtime import Runtime, pass_runtime
from cli.speech import Command, as_json
from workflow import auditing
from workflow.store.events import check_sees_all


@click.command(
    cls=Command, help="Đối chiếu sổ với những gì đáng lẽ đã báo / hold the ledger against the rules."
)
@click.option("--all", "everything", is_flag=True, help="Cả nghĩa vụ đã khép từ lâu / settled long ago too.")
@as_json
@pass_runtime
def audit(runtime: Runtime, everything: bool, as_json: bool) -> int:
    """Exit code 1 when anything differs."""
    with runtime.reading() as db:
        check_sees_all(runtime.actor(db))
        finding = auditing.compare(db, everything=everything)
    if as_json:
        emit(finding.as_json())
        return 1 if finding.differences else 0
    headers = {
        "vi": ("Mã", "Đêm", "Mốc", "Loại", "Sai khác"),
        "en": ("Code", "Night", "Step", "Kind", "Difference"),
    }[runtime.lang]
    rows = [(one.code, one.night, one.step, one.kind, one.text[runtime.lang]) for one in finding.differences]
    if rows:
        table(headers, rows)
    remark(
        runtime.text(
            f"Đã xét {finding.obligations} nghĩa vụ, {finding.steps} mốc: {len(rows)} sai khác.",
            f"Looked at {finding.obligations} obligations, {finding.steps} steps: {len(rows)} differences.",
        )
    )
    return 1 if rows else 0
