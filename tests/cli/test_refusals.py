"""`dondoc user mails` as a shell sees it."""

import json

from tests.cli.conftest import Shell
from tests.world import World

CHI = ("user", "mails", "chi@lamgiang.example")


def test_mails_that_may_be_refused_are_refused_shown_and_wanted_again(world: World, shell: Shell) -> None:
    assert shell(*CHI, "--refuse", "weekly").code == 0
    assert json.loads(shell(*CHI, "--json").out) == {
        "email": "chi@lamgiang.example",
        "weekly": False,
        "reports": True,
    }
    assert "thôi nhận" in shell(*CHI).out
    assert shell(*CHI, "--want", "weekly").code == 0
    assert json.loads(shell(*CHI, "--json").out)["weekly"] is True


def test_no_notice_of_a_duty_can_be_refused(world: World, shell: Shell) -> None:
    assert shell(*CHI, "--refuse", "reminder").code == 2
    assert shell("user", "mails", "nobody@lamgiang.example").code == 3
