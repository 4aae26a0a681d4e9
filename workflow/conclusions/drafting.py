"""From a stretch of work to a draft: deadline, product, parts, wording."""

import re
from dataclasses import replace

from workflow.conclusions.abbreviations import write_out
from workflow.conclusions.clarity import clarities
from workflow.conclusions.deadlines import TimeExpression
from workflow.conclusions.folding import squeeze
from workflow.conclusions.material import Material
from workflow.conclusions.outputs import find_output
from workflow.conclusions.reading import Deadline, DirectiveDraft, Evidence, Flag, Output
from workflow.conclusions.works import Work

_EDGE = " \n\t;.,:/\"'”“"
_LEADING = re.compile(r"(?:hoàn thành|xong|thực hiện xong|trình|thực hiện) (?=\w)")


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Without space and punctuation at either end; a bracket that was opened is kept."""
    while start < end and text[start] in _EDGE:
        start += 1
    while end > start and (text[end - 1] in _EDGE or (text[end - 1] == ")" and "(" not in text[start:end])):
        end -= 1
    return start, end


def best_time(material: Material, start: int, end: int) -> TimeExpression | None:
    """The time of the addressee's own delivery: the strongest, and of equals the last."""
    best: TimeExpression | None = None
    for time in material.times_within(start, end):
        if best is None or time.strength >= best.strength:
            best = time
    return best


def draft(material: Material, work: Work, known: dict[str, str]) -> DirectiveDraft:
    view = material.view
    start, end = view.span(work.start, work.end)
    deadline, flags = _deadline(material, work.time)
    product = work.product or find_output(material.folded, work.start, work.end)
    output = None
    if product:
        first, last = view.span(*product)
        output = Output(
            squeeze(view.text[product[0] : product[1]]),
            Evidence("danh từ chỉ sản phẩm sau động từ tạo lập", first, last),
        )
    taken = {lead.name for lead in work.leads}
    beside = list({party.name: party for party in work.helpers if party.name not in taken}.values())
    return DirectiveDraft(
        start,
        end,
        view.source[start:end],
        write_out(view.text[work.start : work.end], known),
        tuple(work.leads),
        tuple(beside),
        deadline,
        output,
        "/".join(label for label in work.item.split("/") if not label.startswith("#")),
        Evidence(work.rule, start, end),
        work.order,
        clarities(work.leads, beside, deadline, output),
        tuple(flags),
    )


def _deadline(material: Material, time: TimeExpression | None) -> tuple[Deadline, list[Flag]]:
    if time is None:
        return Deadline("none"), []
    lead = _LEADING.match(material.folded, time.start, time.end)
    begin = lead.end() if lead else time.start
    first, last = material.view.span(begin, time.end)
    quoted = squeeze(material.view.source[first:last])
    due = time.due_on.isoformat() if time.due_on else None
    evidence = Evidence(f"{time.rule}: {time.why}", first, last)
    flags = []
    if time.problem:
        flags.append(Flag("no_such_day", {"day": time.problem, "text": quoted}, first, last))
    elif time.kind == "date" and due is None:
        flags.append(Flag("day_is_open", {"text": quoted}, first, last))
    return Deadline(time.kind, due, time.rrule, quoted, evidence), flags


def with_reference(time: TimeExpression, other: TimeExpression | None) -> TimeExpression:
    """ "thời hạn như điểm a" takes the value of what it points to."""
    if other is None:
        return replace(time, refers_to=None)
    return replace(time, kind=other.kind, due_on=other.due_on, rrule=other.rrule, refers_to=None)
