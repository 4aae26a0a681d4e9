"""The "5 rõ, 6 rõ" of a draft: what is stated, inherited, proposed or missing."""

from collections.abc import Iterator

from workflow.conclusions.reading import Clarity, Deadline, Output, Party, Status

_NO_WAY = "chưa nêu"


def clarities(
    leads: list[Party], coordinating: list[Party], deadline: Deadline, output: Output | None
) -> tuple[Clarity, ...]:
    return tuple(_all(leads, coordinating, deadline, output))


def _all(
    leads: list[Party], coordinating: list[Party], deadline: Deadline, output: Output | None
) -> Iterator[Clarity]:
    yield _people(leads)
    yield Clarity("việc", "stated", "nội dung được trích nguyên văn")
    yield _time(deadline)
    yield _responsibility(leads, coordinating)
    if output:
        yield Clarity("sản phẩm", "stated", output.evidence.rule)
    else:
        yield Clarity("sản phẩm", "missing", _NO_WAY)
    yield Clarity("thẩm quyền", "missing", "người ban hành xác nhận thẩm quyền giao")


def _people(leads: list[Party]) -> Clarity:
    if not leads:
        return Clarity("người", "missing", _NO_WAY)
    if not all(lead.registered for lead in leads):
        return Clarity("người", "proposed", "có cơ quan chưa có trong danh mục")
    if any(lead.inherited for lead in leads):
        return Clarity("người", "inherited", leads[0].evidence.rule)
    return Clarity("người", "stated", leads[0].evidence.rule)


def _time(deadline: Deadline) -> Clarity:
    if deadline.kind == "none":
        return Clarity("thời gian", "missing", _NO_WAY)
    if deadline.kind == "date" and deadline.due_on is None:
        return Clarity("thời gian", "missing", "có nêu nhưng chưa thành ngày cụ thể")
    return Clarity("thời gian", "stated", deadline.evidence.rule)


def _responsibility(leads: list[Party], coordinating: list[Party]) -> Clarity:
    if not leads:
        return Clarity("trách nhiệm", "missing", _NO_WAY)
    if len(leads) > 1:
        return Clarity(
            "trách nhiệm", "proposed", "nhiều cơ quan cùng được giao, cần chọn một cơ quan chủ trì"
        )
    status: Status = "inherited" if leads[0].inherited else "stated"
    return Clarity(
        "trách nhiệm", status, "một cơ quan chủ trì" + (", có cơ quan phối hợp" if coordinating else "")
    )
