from typing import Any

from bench.reading.scoring import due, score

TEXT = "Giao Sở Y tế rà soát cơ sở khám bệnh; báo cáo kết quả thực hiện."
DOCUMENT = {"kind": "conclusion_notice", "topic": None}


def directive(start: int, end: int, **fields: Any) -> dict[str, Any]:
    time = {"kind": "none", "due_on": None, "rrule": None, "text": None}
    return {
        "start": start,
        "end": end,
        "lead": ["Sở Y tế"],
        "coordinating": [],
        "deadline": time,
        "output": None,
    } | fields


def test_a_perfect_answer_scores_one_everywhere() -> None:
    gold = {"document": DOCUMENT, "directives": [directive(13, 36), directive(38, 63)]}
    assert set(score(TEXT, gold, gold).figures().values()) == {1.0}


def test_a_missed_and_a_made_up_directive_cost_recall_and_precision() -> None:
    gold = {"document": DOCUMENT, "directives": [directive(13, 36), directive(38, 63)]}
    answer = {"document": DOCUMENT, "directives": [directive(13, 36), directive(0, 7)]}
    figures = score(TEXT, gold, answer).figures()
    assert (figures["precision"], figures["recall"], figures["complete"]) == (0.5, 0.5, 0.5)


def test_a_stretch_that_shares_less_than_half_its_words_is_no_match() -> None:
    gold = {"document": DOCUMENT, "directives": [directive(13, 36)]}
    answer = {"document": DOCUMENT, "directives": [directive(13, 20)]}
    assert score(TEXT, gold, answer).matched == 0


def test_a_date_the_text_does_not_give_is_counted_as_wrong() -> None:
    gold = {"document": DOCUMENT, "directives": [directive(13, 36)]}
    claimed = {"kind": "date", "due_on": "2024-01-01", "rrule": None, "text": "x"}
    answer = {"document": DOCUMENT, "directives": [directive(13, 36, deadline=claimed)]}
    tally = score(TEXT, gold, answer)
    assert (tally.deadlines, tally.wrong_dates) == (0, 1)


def test_the_order_of_rule_parts_does_not_matter() -> None:
    one, other = ("FREQ=YEARLY;BYMONTH=3,9", "BYMONTH=9,3;FREQ=YEARLY")
    assert due({"kind": "recurring", "rrule": one}) == due({"kind": "recurring", "rrule": other})
