"""dondoc agency, user, supervision: who may change the register, and what stays in the journal."""

import json
from datetime import date

import pytest

from config import instant
from config.database import writing
from tests.cli.conftest import Shell
from tests.world import World, at
from workflow import access, accounts, second_factor
from workflow.models.account import SecondFactor, SignIn
from workflow.models.event import Event
from workflow.models.person import Mailbox, Person


def person(world: World, name: str) -> Person:
    return next(one for one in world.rows(Person) if one.email == f"{name}@lamgiang.example")


def test_agencies_are_listed_with_what_they_lead(world: World, shell: Shell) -> None:
    world.issue("GS14-01", due=date(2026, 8, 24))
    world.issue("GS14-02", due=date(2026, 12, 25))
    world.report("GS14-02")
    shell.set_now(at(date(2026, 8, 26)))
    rows = {row["code"]: row for row in json.loads(shell("agency", "list", "--json").out)}
    assert (rows["sct"]["people"], rows["sct"]["led"], rows["sct"]["open"], rows["sct"]["overdue"]) == (
        2,
        2,
        2,
        1,
    )
    assert rows["syt"]["led"] == 0
    assert [row[0] for row in shell("agency", "list", "--kind", "delegation").rows()] == ["doan14"]


def test_an_agency_knows_only_itself(world: World, shell: Shell) -> None:
    assert shell("agency", "list", who="ben").column(0) == ["sct"]
    assert shell("agency", "show", "syt", who="ben").code == 3
    assert shell("agency", "show", "sct", who="ben").code == 0


def test_a_secretary_adds_an_agency_and_its_contact(world: World, shell: Shell) -> None:
    assert shell("agency", "add", "stc", "--name", "Sở Tài chính", "--alias", "Sở TC", who="ada").code == 0
    added = (
        "agency",
        "contact",
        "add",
        "stc",
        "Mai@lamgiang.example",
        "--position",
        "clerk",
        "--name",
        "Mai",
    )
    assert shell(*added, who="ada").code == 0
    document = json.loads(shell("agency", "show", "stc", "--json").out)
    assert document["aliases"] == ["Sở TC"]
    assert [(one["email"], one["position"]) for one in document["contacts"]] == [
        ("mai@lamgiang.example", "clerk")
    ]
    acts = [(event.act, event.actor) for event in world.rows(Event)]
    assert acts == [("organization.add", "Ada"), ("contact.add", "Ada")]


@pytest.mark.parametrize(
    "words",
    [
        ("agency", "add", "stc", "--name", "Sở Tài chính"),
        ("agency", "edit", "sct", "--name", "Sở khác"),
        ("agency", "contact", "add", "sct", "x@lamgiang.example", "--position", "clerk", "--name", "X"),
        ("agency", "contact", "edit", "huy@lamgiang.example", "--name", "Khác"),
        ("agency", "contact", "remove", "sct", "huy@lamgiang.example"),
        ("supervision", "add", "GS15", "--delegation", "doan14", "--subject", "Y tế"),
        ("user", "list"),
        ("user", "add", "x@lamgiang.example", "--name", "X", "--role", "administrator"),
        ("user", "role", "ben@lamgiang.example", "administrator"),
        ("user", "disable", "ada@lamgiang.example"),
    ],
)
def test_an_agency_changes_nothing_in_the_register(
    world: World, shell: Shell, words: tuple[str, ...]
) -> None:
    answer = shell(*words, who="ben")
    assert answer.code in (1, 3)
    assert world.rows(Event) == []


def test_nobody_in_a_delegation_gives_takes_or_edits_a_post_above_their_own(
    world: World, shell: Shell
) -> None:
    raise_self = ("agency", "contact", "add", "doan14", "ada@lamgiang.example", "--position", "chair")
    assert shell(*raise_self, who="ada").code == 1
    assert shell("agency", "contact", "remove", "doan14", "chi@lamgiang.example", who="ada").code == 1
    takeover = ("agency", "contact", "edit", "chi@lamgiang.example", "--email", "ada2@lamgiang.example")
    assert shell(*takeover, who="ada").code == 1
    assert shell(*takeover, who="quan").code == 0


def test_whoever_has_a_role_is_edited_by_an_administrator_only(world: World, shell: Shell) -> None:
    words = ("agency", "contact", "edit", "quan@lamgiang.example", "--email", "q@lamgiang.example")
    assert shell(*words, who="chi").code == 1
    assert shell(*words, who="quan").code == 0
    shell("user", "role", "ben@lamgiang.example", "auditor", who="q")
    with_post = ("agency", "contact", "edit", "ben@lamgiang.example", "--email", "b@lamgiang.example")
    assert shell(*with_post, who="chi").code == 1
    assert person(world, "ben").email == "ben@lamgiang.example"


def test_an_absence_is_kept_shown_and_ended(world: World, shell: Shell) -> None:
    away = ("agency", "contact", "edit", "ben@lamgiang.example", "--absent-from", "18/08/2026")
    assert shell(*away, "--absent-until", "28/08/2026", who="ada").code == 0
    row = next(row for row in shell("agency", "show", "sct").rows() if row and row[0] == "Đầu mối")
    assert row[5] == "18/08/2026 - 28/08/2026 (đang vắng)"
    assert shell("agency", "contact", "edit", "ben@lamgiang.example", "--present", who="ada").code == 0
    assert person(world, "ben").absent_from is None


def test_an_absence_that_ends_before_it_begins_is_refused(world: World, shell: Shell) -> None:
    away = ("agency", "contact", "edit", "ben@lamgiang.example", "--absent-from", "28/08/2026")
    answer = shell(*away, "--absent-until", "18/08/2026", who="ada")
    assert answer.code == 1
    assert person(world, "ben").absent_from is None


def test_a_new_address_opens_a_dead_mailbox(world: World, shell: Shell) -> None:
    with writing(world.engine) as db:
        ben = db.get_one(Person, person(world, "ben").id)
        ben.mailbox, ben.mailbox_failure = Mailbox.DEAD, "550 no such user"
    assert "không nhận thư" in shell("agency", "show", "sct").out
    words = ("agency", "contact", "edit", "ben@lamgiang.example", "--email", "ben2@lamgiang.example")
    assert shell(*words, who="ada").code == 0
    assert person(world, "ben2").mailbox is Mailbox.OPEN
    (event,) = world.rows(Event)
    assert event.detail is not None
    assert event.detail["email"] == ["ben@lamgiang.example", "ben2@lamgiang.example"]


def test_addresses_codes_and_posts_are_checked(world: World, shell: Shell) -> None:
    wrong = [
        ("agency", "add", "sct", "--name", "Lần hai"),
        ("agency", "contact", "add", "sct", "không phải", "--position", "clerk", "--name", "X"),
        ("agency", "contact", "add", "sct", "new@lamgiang.example", "--position", "chair", "--name", "X"),
        ("agency", "contact", "add", "sct", "new@lamgiang.example", "--position", "clerk"),
        ("agency", "contact", "add", "sct", "ben@lamgiang.example", "--position", "clerk"),
        ("agency", "contact", "edit", "ben@lamgiang.example", "--email", "huy@lamgiang.example"),
    ]
    for words in wrong:
        answer = shell(*words, who="quan")
        assert answer.code == 1, words
        assert answer.err.count("\n") == 1
    assert world.rows(Event) == []


def test_a_removed_contact_is_told_nothing_more_but_stays_a_person(world: World, shell: Shell) -> None:
    assert shell("agency", "contact", "remove", "sct", "ben@lamgiang.example", who="ada").code == 0
    left = json.loads(shell("agency", "show", "sct", "--json").out)["contacts"]
    assert [one["name"] for one in left] == ["Huy"]
    assert person(world, "ben").is_active
    assert shell("agency", "contact", "remove", "sct", "ben@lamgiang.example", who="ada").code == 3


def test_users_are_added_given_roles_and_disabled_by_an_administrator(world: World, shell: Shell) -> None:
    added = ("user", "add", "lan@lamgiang.example", "--name", "Lan", "--role", "auditor")
    assert shell(*added, who="ada").code == 1
    assert shell(*added, who="quan").code == 0
    assert shell("user", "role", "lan@lamgiang.example", "leadership", who="quan").code == 0
    assert shell("user", "disable", "lan@lamgiang.example", who="quan").code == 0
    users = {one["email"]: one for one in json.loads(shell("user", "list", "--json", who="quan").out)}
    assert users["lan@lamgiang.example"]["role"] == "leadership"
    assert users["lan@lamgiang.example"]["active"] is False
    assert users["ben@lamgiang.example"]["bodies"] == "sct"
    assert shell("directive", "list", who="lan").code == 3
    assert shell("user", "disable", "lan@lamgiang.example", "--enable", who="quan").code == 0
    assert shell("directive", "list", who="lan").code == 0


def test_an_administrator_sets_a_password_ends_sign_ins_and_removes_a_lost_factor(
    world: World, shell: Shell
) -> None:
    ada, new = "ada@lamgiang.example", "bến thuyền cũ ven sông"
    with writing(world.engine) as db:
        person_id = access.find_actor(db, ada).person_id or 0
        second_factor.begin(db, person_id, "sealed", at(world.today))
        db.get_one(SecondFactor, person_id).confirmed_at = at(world.today)
    assert shell("user", "password", ada, who="duc", stdin=f"{new}\n{new}\n").code == 1
    assert shell("user", "password", ada, who="quan", stdin=f"{new}\n{new}\n").code == 0
    with writing(world.engine) as db:
        assert accounts.with_password(db, ada, new, at(world.today), "-").owes_second
    assert shell("user", "no-factor", ada, who="quan").code == 0
    with writing(world.engine) as db:
        assert not accounts.with_password(db, ada, new, instant.real_now(), "-").owes_second
    assert shell("user", "sign-out", ada, who="quan").code == 0
    assert [one.ended_at for one in world.rows(SignIn)].count(None) == 0


def test_the_last_administrator_stays(world: World, shell: Shell) -> None:
    for words in (("role", "quan@lamgiang.example", "none"), ("disable", "quan@lamgiang.example")):
        answer = shell("user", *words, who="quan")
        assert answer.code == 1
        assert "quản trị" in answer.err


def test_supervisions_are_opened_by_their_own_delegation(world: World, shell: Shell) -> None:
    words = (
        "supervision",
        "add",
        "GS15",
        "--delegation",
        "doan14",
        "--subject",
        "Y tế",
        "--session",
        "20/08/2026",
    )
    assert shell(*words, who="cleo").code in (1, 3)
    assert shell(*words, who="ada").code == 0
    world.issue("GS14-01", due=date(2026, 12, 25))
    rows = {row["code"]: row for row in json.loads(shell("supervision", "list", "--json", who="ada").out)}
    assert (rows["GS14"]["directives"], rows["GS15"]["directives"]) == (1, 0)
    assert shell("supervision", "list", who="ben").column(0) == ["GS14"]
    assert shell("supervision", "list", who="cleo").rows() == []
    assert shell("supervision", "show", "GS14", who="cleo").code == 3
    assert shell("supervision", "show", "GS15", who="ada").code == 0
    agency = ("supervision", "add", "GS16", "--delegation", "sct", "--subject", "x")
    assert shell(*agency, who="quan").code == 1
