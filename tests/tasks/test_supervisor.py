"""Real processes, killed at will."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from config.settings import Settings
from tasks import supervisor as supervision
from tasks.broker import PrivateBroker, server_binary, socket_path
from tasks.embedded import embedded
from tasks.supervisor import AlreadyRunning, Part, PartFailed, Supervisor, hold
from tests.servers.waiting import eventually

ROOT = Path(__file__).resolve().parents[2]
STEADY = """
import os, pathlib, signal, sys, time
pulse = pathlib.Path(os.environ["DONDOC_PULSE_FILE"])
signal.signal(signal.SIGTERM, lambda *_: sys.exit(pathlib.Path(sys.argv[1] + ".ended").touch()))
with open(sys.argv[1], "a") as lives:
    lives.write(f"{os.getpid()}\\n")
while True:
    pulse.touch()
    time.sleep(0.05)
"""
WITH_A_POOL = STEADY.replace("with open", "os.fork()\nwith open")
STUBBORN = STEADY.replace("lambda *_: sys.exit", "lambda *_: print")


def part(folder: Path, name: str, code: str = STEADY) -> Part:
    return Part(name, [sys.executable, "-c", code, folder / name])


def lives(folder: Path, name: str) -> list[int]:
    path = folder / name
    return [int(line) for line in path.read_text().splitlines()] if path.exists() else []


def is_alive(pid: int) -> bool:
    status = Path(f"/proc/{pid}/stat")
    return status.exists() and status.read_text().rpartition(")")[2].split()[0] != "Z"


def private_broker(home: Path) -> PrivateBroker:
    binary = server_binary()
    assert binary is not None
    return PrivateBroker(binary, home)


def test_everything_starts_after_the_migration_and_ends_together(tmp_path: Path) -> None:
    steps: list[bool] = []
    tree = Supervisor(
        tmp_path / "home",
        [part(tmp_path, "one"), part(tmp_path, "two")],
        broker=private_broker(tmp_path / "home"),
        migrate=lambda: steps.append((tmp_path / "one").exists()),
    )
    with tree.running():
        assert tree.broker is not None
        assert tree.broker.answers()
        pids = [*lives(tmp_path, "one"), *lives(tmp_path, "two"), tree.process("broker").pid]
        assert all(is_alive(pid) for pid in pids)
    assert steps == [False]
    assert len(pids) == 3
    assert not any(is_alive(pid) for pid in pids)
    assert (tmp_path / "one.ended").exists()
    assert not socket_path(tmp_path / "home").exists()


def test_a_killed_part_is_started_again(tmp_path: Path) -> None:
    tree = Supervisor(tmp_path / "home", [part(tmp_path, "one"), part(tmp_path, "two")])
    with tree.running():
        for life in range(1, 4):
            os.kill(lives(tmp_path, "one")[-1], signal.SIGKILL)
            eventually(lambda: len(lives(tmp_path, "one")) > life)  # noqa: B023 - asked at once
        assert len(lives(tmp_path, "two")) == 1


def test_a_part_that_hangs_is_killed_and_started_again(tmp_path: Path) -> None:
    hanging = part(tmp_path, "hanging")
    hanging.pulse_seconds = 1
    with Supervisor(tmp_path / "home", [hanging]).running():
        [first] = lives(tmp_path, "hanging")
        os.kill(first, signal.SIGSTOP)
        eventually(lambda: len(lives(tmp_path, "hanging")) == 2)
        assert not is_alive(first)


def test_what_a_killed_part_left_behind_ends_with_it(tmp_path: Path) -> None:
    with Supervisor(tmp_path / "home", [part(tmp_path, "pool", WITH_A_POOL)]).running():
        eventually(lambda: len(lives(tmp_path, "pool")) == 2)
        main, helper = sorted(lives(tmp_path, "pool"))
        os.kill(main, signal.SIGKILL)
        eventually(lambda: len(lives(tmp_path, "pool")) == 4)
        assert not is_alive(helper)


def test_a_killed_broker_is_started_again_and_keeps_its_address(tmp_path: Path) -> None:
    broker = private_broker(tmp_path / "home")
    tree = Supervisor(tmp_path / "home", [part(tmp_path, "one")], broker=broker)
    with tree.running():
        url, first = broker.url, tree.process("broker").pid
        os.kill(first, signal.SIGKILL)
        eventually(lambda: tree.process("broker").pid != first and broker.answers())
        assert broker.url == url
        assert len(lives(tmp_path, "one")) == 1


def test_a_broker_that_cannot_read_its_files_begins_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervision, "BACKOFF_SECONDS", (0.05,))
    folder = tmp_path / "home" / "broker" / "appendonlydir"
    folder.mkdir(parents=True, mode=0o700)
    (folder / "appendonly.aof.manifest").write_text("this is no manifest\n")
    broker = private_broker(tmp_path / "home")
    with Supervisor(tmp_path / "home", [part(tmp_path, "one")], broker=broker).running():
        eventually(broker.answers)


def test_nothing_is_left_when_the_supervisor_itself_is_killed(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from tests.tasks.test_supervisor import *;"
        "folder = Path(sys.argv[1]);"
        "Supervisor(folder / 'home', [part(folder, 'one')], broker=private_broker(folder / 'home')).run()"
    )
    tree = subprocess.Popen([sys.executable, "-c", code, tmp_path], cwd=ROOT)
    eventually(lambda: bool(lives(tmp_path, "one")))
    [one] = lives(tmp_path, "one")
    children = Path(f"/proc/{tree.pid}/task/{tree.pid}/children").read_text().split()
    tree.kill()
    tree.wait()
    assert len(children) == 2
    eventually(lambda: not any(is_alive(pid) for pid in [one, *map(int, children)]))


@pytest.mark.parametrize("asked", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_in_good_order(tmp_path: Path, asked: signal.Signals) -> None:
    code = (
        "import sys; from pathlib import Path; from tests.tasks.test_supervisor import *;"
        "folder = Path(sys.argv[1]);"
        "Supervisor(folder / 'home', [part(folder, 'one')]).run(); print('in good order')"
    )
    tree = subprocess.Popen(
        [sys.executable, "-c", code, tmp_path], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    eventually(lambda: bool(lives(tmp_path, "one")))
    tree.send_signal(asked)
    said, _ = tree.communicate(timeout=20)
    assert (tree.returncode, said) == (0, "in good order\n")
    assert (tmp_path / "one.ended").exists()


def test_a_part_that_will_not_stop_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervision, "PATIENCE_SECONDS", 0.5)
    with Supervisor(tmp_path / "home", [part(tmp_path, "deaf", STUBBORN)]).running():
        [pid] = lives(tmp_path, "deaf")
    assert not is_alive(pid)


def test_a_part_that_never_comes_up_stops_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervision, "BACKOFF_SECONDS", (0.01,))
    hopeless = part(tmp_path, "hopeless", "raise SystemExit(3)")
    tree = Supervisor(tmp_path / "home", [part(tmp_path, "one"), hopeless])
    with pytest.raises(PartFailed, match=r"hopeless \(exit 3\)"):
        tree.serve()
    assert not any(is_alive(pid) for pid in lives(tmp_path, "one"))


def test_two_never_share_a_home(tmp_path: Path) -> None:
    with hold(tmp_path), pytest.raises(AlreadyRunning, match=f"pid {os.getpid()}"):
        Supervisor(tmp_path, []).serve()
    with Supervisor(tmp_path, []).running():
        pass


def test_a_home_with_a_long_name_gets_a_short_socket(tmp_path: Path) -> None:
    home = tmp_path / ("a-very-long-name-" * 8)
    broker = private_broker(home)
    broker.start()
    try:
        assert len(os.fsencode(broker.socket)) < 100
        assert broker.answers()
        assert broker.socket.parent.stat().st_mode & 0o077 == 0
        assert broker.socket == socket_path(home) != socket_path(home / "other")
    finally:
        broker.stop()
        broker.socket.parent.rmdir()


def test_without_a_broker_the_worker_carries_the_clock(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, broker_url="memory://", host="::", port=8123)
    tree = embedded(settings, migrate=lambda: None, dondoc=["dondoc"])
    assert tree.broker is None
    assert [(each.name, each.command) for each in tree.parts] == [
        ("worker", ["dondoc", "worker"]),
        ("web", ["dondoc", "serve"]),
    ]
    assert tree.parts[1].ready_url == "http://127.0.0.1:8123/healthz"


def test_with_a_broker_each_part_is_its_own_process(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    tree = embedded(settings, migrate=lambda: None, dondoc=["dondoc"], pages=False)
    assert tree.broker is not None
    assert [each.name for each in tree.parts] == ["worker", "clock"]
