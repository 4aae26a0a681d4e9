"""Who people are at the site's OpenID provider, told by command."""

import json

import pytest

from tests.cli.conftest import Shell
from tests.world import World

ISSUER = "https://sso.lamgiang.example/can-bo/"


@pytest.fixture
def with_provider(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> Shell:
    monkeypatch.setenv("DONDOC_OIDC_ISSUER", ISSUER)
    monkeypatch.setenv("DONDOC_OIDC_CLIENT_ID", "dondoc")
    return shell


def test_a_link_is_made_shown_and_taken_away(with_provider: Shell, world: World) -> None:
    shell, chi = with_provider, "chi@lamgiang.example"
    assert shell("user", "link-identity", chi, "u-1", who="quan").code == 0
    shown = json.loads(shell("user", "identities", "--json", who="quan").out)
    assert [(one["email"], one["subject"], one["issuer"]) for one in shown] == [(chi, "u-1", ISSUER)]
    again = shell("user", "link-identity", "duc@lamgiang.example", "u-1", who="quan")
    assert (again.code, "đã gắn với một người" in again.err) == (1, True)
    assert shell("user", "unlink-identity", chi, "u-1", who="quan").code == 0
    assert shell("user", "identities", who="quan").rows() == []
    assert shell("user", "unlink-identity", chi, "u-1", who="quan").code == 3


def test_only_an_administrator_says_who_is_who(with_provider: Shell, world: World) -> None:
    assert with_provider("user", "link-identity", "ada@lamgiang.example", "u-1", who="ada").code == 1


def test_without_a_provider_there_is_nothing_to_link_to(shell: Shell, world: World) -> None:
    refused = shell("--lang", "en", "user", "link-identity", "chi@lamgiang.example", "u-1", who="quan")
    assert (refused.code, "DONDOC_OIDC_ISSUER" in refused.err) == (1, True)


@pytest.mark.parametrize("issuer", ["http://sso.lamgiang.example", "sso", "https://sso.example/?x=1"])
def test_a_provider_is_reached_in_secret_or_not_at_all(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, issuer: str
) -> None:
    monkeypatch.setenv("DONDOC_OIDC_ISSUER", issuer)
    monkeypatch.setenv("DONDOC_OIDC_CLIENT_ID", "dondoc")
    refused = shell("user", "list")
    assert (refused.code, "DONDOC_OIDC_ISSUER" in refused.err) == (2, True)


def test_a_provider_without_our_name_there_is_refused(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DONDOC_OIDC_ISSUER", ISSUER)
    refused = shell("user", "list")
    assert (refused.code, "DONDOC_OIDC_CLIENT_ID" in refused.err) == (2, True)
