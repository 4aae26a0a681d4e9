"""dondoc demo: a whole story on a fast clock, through a real worker and a real SMTP server."""

import random
import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from importlib import resources
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

import click

from cli.output import table
from cli.runtime import Runtime, pass_runtime
from cli.speech import Command

if TYPE_CHECKING:
    from cli.demo.story import NightTold, Story
    from cli.demo.tally import Tally
    from tasks.supervisor import Supervisor
    from workflow.conclusions.intake import SourceText

START = date(2026, 8, 21)


def command() -> click.Command:
    return demo


@click.command(
    cls=Command,
    help="Diễn một câu chuyện trọn vẹn trên đồng hồ tua nhanh, rồi mở trang / play a whole story.",
)
@click.option(
    "--conclusion",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    envvar="CONCLUSION",
    help="Kết luận để diễn / the conclusion to play.",
)
@click.option(
    "--serve/--no-serve", default=True, envvar="SERVE", help="Mở trang khi xong / serve the pages at the end."
)
@click.option("--chaos", is_flag=True, help="Giết tiến trình giữa chừng / kill parts during the story.")
@click.option("--seed", default=14, show_default=True, help="Hạt giống của --chaos / seed of --chaos.")
@pass_runtime
def demo(runtime: Runtime, conclusion: Path | None, serve: bool, chaos: bool, seed: int) -> int:
    from cli.demo.stage import MailServer, environment
    from config.settings import load_settings

    home = _fresh_home(runtime)
    started = monotonic()
    source, name = _source(conclusion)
    begin = datetime.combine(START, time(2, 0), UTC)
    with (
        (home / "processes.log").open("ab") as output,
        MailServer(home / "mail-server") as mail,
        environment(home, mail.url, home / "clock", begin),
    ):
        settings = load_settings()
        from cli.demo.tally import tally
        from config.database import reading
        from tasks.embedded import embedded

        played = Runtime(lang=runtime.lang)
        tree = embedded(settings, migrate=lambda: _prepare(played), pages=serve, output=output)
        with tree.running():
            story, nights, last = _play(played, tree, source, name, chaos=chaos, seed=seed)
            with reading(played.engine) as db:
                result = tally(db, mail.journal(), last)
            _show(played, story, nights, result, monotonic() - started)
            if serve:
                _serve(played)
    return 0 if result.is_proven else 4


def _fresh_home(runtime: Runtime) -> Path:
    """The demo's own folder, emptied: never the home of a real installation."""
    home = runtime.settings.home / "demo"
    if home.exists():
        shutil.rmtree(home)
    home.mkdir(parents=True)
    return home


def _source(file: Path | None) -> tuple["SourceText", str]:
    """The conclusion in any form the reader takes (text, Word, PDF, HTML), and what it is called."""
    from workflow.conclusions.intake import read_source

    sample = file or resources.files("cli.demo").joinpath("conclusion.txt")
    return read_source(sample.read_bytes(), sample.name), sample.name


def _prepare(runtime: Runtime) -> None:
    from cli.commands.db import prepare

    prepare(runtime)
    _refuse_used_database(runtime)


def _refuse_used_database(runtime: Runtime) -> None:
    from sqlalchemy import select

    from workflow.models.organization import Organization

    with runtime.reading() as db:
        if db.scalar(select(Organization).limit(1)) is not None:
            raise click.UsageError(
                runtime.text(
                    "Cơ sở dữ liệu đã có dữ liệu; demo chỉ chạy trên cơ sở dữ liệu trống.",
                    "The database holds data; the demo needs an empty one.",
                )
            )


def _play(
    runtime: Runtime, tree: "Supervisor", source: "SourceText", name: str, *, chaos: bool, seed: int
) -> tuple["Story", list["NightTold"], date]:
    from cli.demo.reading import instructions
    from cli.demo.story import Story
    from workflow import rulebook
    from workflow.conclusions.agencies import Register
    from workflow.conclusions.reader import read

    reading = read(source.text, Register.built_in())
    with runtime.reading() as db:
        calendar = rulebook.active_calendar(db)
    found = instructions(reading, START, calendar)
    story = Story(runtime.engine, runtime.settings, START)
    if chaos:
        story.chaos = _killer(tree, seed)
    story.cast(found)
    story.issue(source, name, reading, found)
    dated = sum(one.dated_by == "secretary" for one in found)
    runtime.say(
        f"Đọc được {len(found)} nhiệm vụ; {dated} nhiệm vụ văn bản không nêu hạn, thư ký (diễn) đặt hạn.",
        f"{len(found)} directives read; {dated} had no date in the text, the demo's secretary set one.",
    )
    last = story.last_night()
    told = []
    with click.progressbar(
        story.nights(last), length=(last - START).days, label=runtime.text("Đêm", "Nights")
    ) as nights:
        told = [night for night in nights if night is not None]
    return story, told, last


def _killer(tree: "Supervisor", seed: int) -> Callable[[int], None]:
    """Now and then a part dies without a word, or the broker forgets everything."""
    from cli.demo.stage import kill

    chance = random.Random(seed)

    def strike(_night: int) -> None:
        if chance.random() < 0.15:
            part = chance.choice(["worker", "clock", "broker"])
            try:
                kill(tree.process(part))
            except StopIteration:
                return  # it is being restarted already

    return strike


def _show(
    runtime: Runtime, story: "Story", nights: list["NightTold"], result: "Tally", seconds: float
) -> None:
    rows = [
        (one.night, one.mails, ", ".join(f"{kind} {count}" for kind, count in sorted(one.kinds.items())))
        for one in nights
    ]
    table((runtime.text("Đêm", "Night"), runtime.text("Thư", "Mails"), runtime.text("Loại", "Kinds")), rows)
    silent = [code for code, behaviour in story.behaviours.items() if behaviour == "silent"]
    runtime.say(
        f"Im lặng đến cấp cuối: {', '.join(silent)}.", f"Silent to the last level: {', '.join(silent)}."
    )
    runtime.say(
        f"Phải gửi {result.due}, đã giao {result.handed_over}, mất {result.lost}, gửi đôi {result.doubled}, "
        f"gửi lại có đánh dấu {result.repeated}; mốc phải báo {result.promised}, thiếu {result.missing}; "
        f"dấu vân tay {result.fingerprint}; {seconds:.0f} giây.",
        f"due {result.due}, handed over {result.handed_over}, lost {result.lost}, doubled {result.doubled}, "
        f"marked repeats {result.repeated}; steps promised {result.promised}, missing {result.missing}; "
        f"fingerprint {result.fingerprint}; {seconds:.0f} s.",
    )


def _doors(runtime: Runtime) -> list[tuple[str, str]]:
    """One address a person of the cast: the first click signs in, no password."""
    from sqlalchemy import select
    from sqlmodel import col

    from config.instant import real_now
    from workflow import accounts
    from workflow.models.person import Person

    with runtime.writing() as db:
        people = list(db.scalars(select(Person).order_by(col(Person.id)).limit(6)))
        links = [accounts.sign_in_link(db, person, real_now()) for person in people]
    return [
        (one.name, f"{runtime.settings.base_url}/vao/{link}") for one, link in zip(people, links, strict=True)
    ]


def _serve(runtime: Runtime) -> None:
    import signal
    import threading

    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    for name, link in _doors(runtime):
        click.echo(f"  {name}: {link}")
    runtime.say(
        f"Xem tại {runtime.settings.base_url}; Ctrl-C để dừng.",
        f"See {runtime.settings.base_url}; Ctrl-C stops.",
    )
    stop.wait()
