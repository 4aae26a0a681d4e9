"""A refused form: its words in their fields, the sentence at the faulty one, and what somebody else saved beside it."""

from datetime import date

import pytest
from bs4 import BeautifulSoup
from bs4.element import Tag

from tests.web.house import House
from web.filling import filled
from web.form import Form
from web.look import Look
from workflow.errors import ChangedMeanwhile, InputWrong
from workflow.words import pair

ONE = "/nhiem-vu/GS14-01"
WRONG = InputWrong(field="due_on", value="31/02/2026", why=pair("Không có ngày này.", "No such day."))
OVERTAKEN = ChangedMeanwhile(code="GS14-01", theirs=3, yours=2)
PAGE = """<p>Chưa ghi được.<!-- way to the field --></p>
<form method="post" action="/a"><input name="note" value="của biểu mẫu khác"></form>
<form method="post" action="/b"><input type="hidden" name="form_key" value="k"><input type="hidden" name="version" value="3">
<details><summary>Thêm</summary><input name="due_on" id="due" value="30/09/2026"></details>
<textarea name="note">Cũ.</textarea>
<select name="kind"><option value="a">A</option><option value="b" selected>B</option></select>
<label><input type="checkbox" name="box" value="x" checked> x</label><label><input type="checkbox" name="box" value="y"> y</label>
<input type="password" name="secret"><button name="act" value="save">Ghi</button></form>"""


@pytest.fixture
def look() -> Look:
    return Look("vi", "auto")


def sent(**values: str | list[str]) -> Form:
    return Form({name: value if isinstance(value, list) else [value] for name, value in values.items()})


def page(form: Form, refusal: InputWrong | ChangedMeanwhile, look: Look, path: str = "/b") -> Tag:
    return BeautifulSoup(filled(PAGE, path, form, refusal, look), "lxml")


def test_every_word_stands_in_its_field_again(look: Look) -> None:
    form = sent(
        due_on="31/02/2026",
        note="\n<b>Mới</b> & “thế”",
        kind="a",
        box=["y"],
        secret="s",
        act="save",
        version="2",
    )
    seen = page(form, WRONG, look)
    assert [one["value"] for one in seen.select("[name=due_on]")] == ["31/02/2026"]
    assert seen.select("textarea")[0].text.lstrip("\n") == "<b>Mới</b> & “thế”"
    assert [one["value"] for one in seen.select("option[selected]")] == ["a"]
    assert [one["value"] for one in seen.select("[name=box][checked]")] == ["y"]


def test_what_was_secret_or_hidden_is_not_given_back(look: Look) -> None:
    seen = page(sent(secret="mật", version="2", form_key="khác", act="save"), WRONG, look)
    assert not seen.select("[name=secret][value]")
    assert [one["value"] for one in seen.select("[type=hidden]")] == ["k", "3"]


def test_the_sentence_stands_at_the_faulty_field_in_its_opened_part_with_a_way_to_it(look: Look) -> None:
    seen = page(sent(due_on="31/02/2026", act="save"), WRONG, look)
    (field,) = seen.select("[aria-invalid=true]")
    assert field["name"] == "due_on"
    (told,) = seen.select(f"#{field['aria-describedby']}")
    assert told.text == "Không có ngày này."
    assert seen.select("details[open]")
    assert seen.select(f"a[href='#{field['id']}']")


def test_what_somebody_else_saved_stands_beside_the_own_words(look: Look) -> None:
    seen = page(sent(due_on="30/09/2026", note="Của tôi.", kind="b", act="save"), OVERTAKEN, look)
    assert [one.text for one in seen.select(".theirs")] == ["Người khác vừa ghi: “Cũ.”"]
    assert seen.select("textarea")[0].text.strip() == "Của tôi."


@pytest.mark.parametrize("path", ["/a", "/c"])
def test_no_other_form_is_filled(look: Look, path: str) -> None:
    form = sent(due_on="31/02/2026", act="save")
    assert filled(PAGE, path, form, WRONG, look) == PAGE


def test_a_date_that_is_none_is_told_at_its_field_of_the_page(house: House) -> None:
    house.world.issue("GS14-01", date(2026, 9, 30))
    refused = house.enter("ben").send(
        ONE, ONE, move="request_extension", version="2",
        request_extension__reason="Chờ số liệu.", request_extension__due_on="31/02/2026",
    )  # fmt: skip
    seen = BeautifulSoup(refused.text, "lxml")
    (field,) = seen.select("[name='request_extension.due_on'][aria-invalid=true]")
    assert "12/10/2026" in seen.find(id=str(field["aria-describedby"]).split()[-1]).text  # type: ignore[union-attr]
