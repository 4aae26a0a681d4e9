"""dondoc selftest: kills parts of a scratch copy of this installation and counts what was lost."""

from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from cli.output import emit, table
from cli.runtime import Runtime, pass_runtime
from cli.speech import Command, as_json

PARTLY = 4


def command() -> click.Command:
    return selftest


@click.command(
    cls=Command,
    help="Thử lỗi trên bản nháp: giết tiến trình, cắt mạng, đếm thư mất / inject faults into a scratch copy.",
)
@click.option(
    "--agencies", type=click.IntRange(10, 5000), default=40, help="Số cơ quan được nhắc / how many agencies."
)
@click.option("--kills", type=click.IntRange(1, 1000), default=10, help="Số lần giết / how many kills.")
@click.option("--seed", type=int, default=1, help="Hạt giống: chạy lại y hệt / replays a failure.")
@as_json
@pass_runtime
def selftest(runtime: Runtime, agencies: int, kills: int, seed: int, as_json: bool) -> int:
    """Nothing of the real installation is touched: databases, relay and clock live in a folder that goes away."""
    from tasks.selftest.faults import injected
    from tasks.selftest.stage import Size

    rows = []
    with TemporaryDirectory(prefix="dondoc-selftest-") as folder:
        names = count(1)
        for row in injected(
            Path(folder), lambda: f"sqlite:///{folder}/{next(names)}.db", Size(seed, agencies, kills, moves=2)
        ):
            rows.append(row)
            if not as_json:
                runtime.say(
                    f"{row.fault}: {'đạt' if row.passed else 'KHÔNG ĐẠT'} ({row.seconds} giây)",
                    f"{row.fault}: {'passed' if row.passed else 'FAILED'} ({row.seconds} s)",
                )
    if as_json:
        emit([vars(row) for row in rows])
    else:
        headers = {
            "vi": ("Lỗi", "Số lần", "Kết quả", "Giới hạn", "Đạt"),
            "en": ("Fault", "n", "Number", "Bound", "Pass"),
        }[runtime.lang]
        table(
            headers,
            [(one.fault, one.n, one.number, one.bound, "ok" if one.passed else "!!") for one in rows],
        )
    return 0 if all(row.passed for row in rows) else PARTLY
