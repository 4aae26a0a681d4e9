"""Tokens and webhooks by command."""

import json

from tests.cli.conftest import Shell
from tests.world import World


def test_a_token_is_printed_once_listed_and_revoked(world: World, shell: Shell) -> None:
    made = shell("user", "token", "make", "--name", "Máy", "--scope", "read", who="ben")
    assert made.code == 0
    assert made.out.startswith("dondoc_")
    listed = json.loads(shell("user", "token", "list", "--json", who="ben").out)
    assert [(one["name"], one["owner"], one["live"]) for one in listed] == [
        ("Máy", "ben@lamgiang.example", True)
    ]
    assert made.out.strip() not in json.dumps(listed)
    number = str(listed[0]["id"])
    assert shell("user", "token", "revoke", number, who="cleo").code == 3
    assert shell("user", "token", "revoke", number, who="ben").code == 0
    assert json.loads(shell("user", "token", "list", "--json").out)[0]["live"] is False


def test_the_console_is_nobody_to_make_a_token_for(world: World, shell: Shell) -> None:
    refused = shell("user", "token", "make", "--name", "Máy", "--scope", "read")
    assert refused.code == 1
    assert "--as" in refused.err


def test_a_webhook_is_added_tried_and_ended(world: World, shell: Shell) -> None:
    url = "https://nhan.example.vn/vao"
    added = shell("webhook", "add", url, "--event", "directive.issued", "--owner", "ada@lamgiang.example")
    assert added.code == 0
    assert "whsec_" in added.out
    assert shell("webhook", "test", "1").code == 0
    calls = json.loads(shell("webhook", "deliveries", "1", "--json").out)
    assert [one["status"] for one in calls] == ["pending"]
    assert shell("webhook", "resend", str(calls[0]["id"])).code == 3
    assert shell("webhook", "remove", "1").code == 0
    assert shell("webhook", "test", "1").code == 3
    assert json.loads(shell("webhook", "list", "--json").out)[0]["ended_at"] is not None


def test_a_webhook_is_refused_to_all_but_administrators_and_to_private_addresses(
    world: World, shell: Shell
) -> None:
    assert shell("webhook", "add", "https://nhan.example.vn/", who="ada").code == 1
    assert shell("webhook", "list", who="ada").code == 3
    refused = shell("webhook", "add", "https://10.0.0.1/", "--owner", "ada@lamgiang.example")
    assert (refused.code, "nội bộ" in refused.err) == (1, True)
