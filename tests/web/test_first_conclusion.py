"""The tutorial, clicked: its own text is pasted, issued, answered from the mailbox and accepted."""

import re
from datetime import date
from pathlib import Path

from tests.docs.documents import File, steps
from tests.web.answering.forms import send
from tests.web.house import House
from tests.web.postbox import deliver, mails, token_in
from workflow.models.directive import Directive

PAGE = Path(__file__).resolve().parents[2] / "docs" / "tutorial" / "first-conclusion.md"
ROUTE = "/ket-luan/GS14-KL1"


def test_the_first_conclusion_goes_from_the_pasted_text_to_a_closed_directive(house: House) -> None:
    text = next(step.text for step in steps(PAGE) if isinstance(step, File) and step.name == "ket-luan.txt")
    ada, chi = house.enter("ada"), house.enter("chi")
    pasted = ada.send("/ket-luan/moi", "/ket-luan/moi", supervision="GS14", text=text)
    assert pasted.headers["location"] == f"{ROUTE}/ra-soat"
    review = ada.page(f"{ROUTE}/ra-soat")
    assert review.count('<li class="draft"') == 3
    for one in house.world.rows(Directive):
        due = f"{one.due_on:%d/%m/%Y}" if one.due_on else "30/10/2026"
        saved = ada.send(
            f"{ROUTE}/ra-soat/{one.code}", f"{ROUTE}/ra-soat", act="save", text=one.text, lead="", rhythm="",
            due_on=due, product="Báo cáo", version=str(one.version),
        )  # fmt: skip
        assert saved.status_code == 303
    assert ada.send(f"{ROUTE}/trinh", f"{ROUTE}/trinh").status_code == 303
    assert chi.send(f"{ROUTE}/phat-hanh", f"{ROUTE}/trinh").status_code == 303
    deliver(house)
    (mail,) = mails(house, "ben")
    clerk, token = house.browser(), token_in(mail)
    answered = send(
        clerk, token, move="report", report__result="Đã rà soát xong.", report__proof="Báo cáo số 12"
    )
    assert answered.status_code == 303
    assert "Duyệt báo cáo" in chi.page("/")
    version = re.search(r'name="version" value="(\d+)"', chi.page("/nhiem-vu/GS14-01"))
    assert version is not None
    done = chi.send("/nhiem-vu/GS14-01", "/nhiem-vu/GS14-01", move="accept", version=version[1])
    assert done.status_code == 303
    states = {one.code: (one.state, one.closed_on) for one in house.world.rows(Directive)}
    assert states["GS14-01"] == ("done", date(2026, 8, 20))
