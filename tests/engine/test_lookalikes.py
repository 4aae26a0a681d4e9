"""A name that only looks like another's is told, never taken and never merged."""

import pytest
from sqlalchemy import Engine

from config.database import writing
from tests.world import World, at
from workflow import register
from workflow.access import SYSTEM
from workflow.desk import Desk
from workflow.errors import InputWrong
from workflow.importing.load import import_text
from workflow.importing.rows import ImportInvalid
from workflow.ladder import Position
from workflow.lookalikes import looks, shown
from workflow.models.organization import Organization, OrganizationKind
from workflow.register import PersonChange

CYRILLIC = "Sở Сông Thương"  # the first letter of the second word
AGENCY = OrganizationKind.AGENCY


@pytest.mark.parametrize(
    "name",
    [
        CYRILLIC, "Ѕở Công Thương", "Sở Công Thươn\u0261", "Sở Cô\u200bng Thương", "\u202eSở Công Thương",
        "Sở C\u043e\u0302ng Thương", "ＳỞ ＣÔＮＧ ＴＨƯƠＮＧ", "Sở\u00a0Công  Thương", "So\u031b\u0309 Công Thương",
    ],
)  # fmt: skip
def test_what_looks_the_same_is_the_same(name: str) -> None:
    assert looks(name) == looks("Sở Công Thương")


def test_what_differs_in_an_accent_differs() -> None:
    assert len({looks(name) for name in ("Sở Y tế", "Sơ Y tế", "So Y te", "Sở Y tê")}) == 4


def test_what_nobody_sees_is_written_out() -> None:
    assert shown("Sở\u202eY\u200btế") == "Sở[U+202E]Y[U+200B]tế"


@pytest.mark.parametrize(
    ("name", "why"), [(CYRILLIC, "Sở Công Thương (sct)"), ("Sở\u202eKhác", "U+202E"), ("Sở Y tế", "(syt)")]
)
def test_no_body_is_added_that_looks_like_another(engine: Engine, name: str, why: str) -> None:
    world = World(engine)
    with pytest.raises(InputWrong, match="name") as refusal, writing(engine) as db:
        register.add_organization(Desk(db, SYSTEM, at(world.today)), "moi", name, AGENCY)
    assert all(why in refusal.value.text(locale) for locale in ("vi", "en"))
    assert "\u202e" not in refusal.value.text("vi")
    assert len(world.rows(Organization)) == 3


def test_neither_its_code_nor_its_other_names_may_look_like_anothers(engine: Engine) -> None:
    world = World(engine)
    with writing(engine) as db:
        desk = Desk(db, SYSTEM, at(world.today))
        with pytest.raises(InputWrong, match="code"):
            register.add_organization(desk, "sсt", "Sở Mới", AGENCY)
        with pytest.raises(InputWrong, match="aliases"):
            register.edit_organization(desk, "syt", aliases=(CYRILLIC,))


def test_a_body_keeps_its_own_names_when_it_is_edited(engine: Engine) -> None:
    world = World(engine)
    with writing(engine) as db:
        desk = Desk(db, SYSTEM, at(world.today))
        body = register.edit_organization(desk, "sct", name="Sở Công thương", aliases=("SCT", "Sở CT"))
        assert body.aliases == ["SCT", "Sở CT"]


def test_a_person_may_share_a_name_but_not_imitate_one(engine: Engine) -> None:
    world = World(engine)
    with writing(engine) as db:
        desk = Desk(db, SYSTEM, at(world.today))
        register.add_contact(desk, "syt", "ben2@lamgiang.example", Position.CLERK, name="Ben")
        with pytest.raises(InputWrong, match=r"ben@lamgiang\.example"):
            register.add_contact(desk, "syt", "b@la.example", Position.CLERK, name="Вen")
        with pytest.raises(InputWrong, match="200B"):
            register.edit_contact(desk, "cleo@lamgiang.example", PersonChange(name="Be\u200bn"))


def test_an_import_tells_the_row_and_keeps_nothing(engine: Engine) -> None:
    world = World(engine)
    text = f"organizations:\n- {{code: moi, name: {CYRILLIC}, kind: agency}}\n"
    with pytest.raises(ImportInvalid) as refusal, writing(engine) as db:
        import_text(db, text, "a.yaml", actor=SYSTEM, now=at(world.today))
    assert "line 2, column 3" in str(refusal.value)
    assert "(sct)" in str(refusal.value)
    assert len(world.rows(Organization)) == 3


def test_two_rows_of_one_import_are_told_apart_too(engine: Engine) -> None:
    world = World(engine)
    text = "organizations:\n- {code: a, name: Sở Nội vụ, kind: agency}\n- {code: b, name: Ѕở Nội vụ, kind: agency}\n"
    with pytest.raises(ImportInvalid, match=r"\(a\)"), writing(engine) as db:
        import_text(db, text, "a.yaml", actor=SYSTEM, now=at(world.today))
