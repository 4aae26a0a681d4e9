"""The one family of refusals. Every class carries its sentence in both languages."""

from typing import ClassVar


class WorkflowError(Exception):
    """A refusal a person can act on.

    `sentences` maps a language to a template filled with the keyword arguments; `exit_code` is what
    the command line answers and `http_status` what pages and the API answer.
    """

    sentences: ClassVar[dict[str, str]] = {"vi": "Không thực hiện được.", "en": "This cannot be done."}
    exit_code: ClassVar[int] = 1
    http_status: ClassVar[int] = 409

    def __init__(self, **facts: object) -> None:
        self.facts = facts
        super().__init__(self.text("en"))

    @property
    def code(self) -> str:
        """Stable name for JSON answers, for example `move_not_allowed`."""
        name = type(self).__name__
        return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")

    def text(self, locale: str) -> str:
        template = self.sentences.get(locale, self.sentences["en"])
        return template.format(**{name: _said(value, locale) for name, value in self.facts.items()})


def _said(value: object, locale: str) -> str:
    """Facts may themselves be a pair of texts: {"vi": ..., "en": ...}."""
    if isinstance(value, dict):
        return str(value.get(locale, value.get("en", "")))
    return str(value)


class NotFound(WorkflowError):
    """Unknown, or not the actor's to see: the two are never told apart."""

    sentences = {"vi": "Không tìm thấy {what} {code}.", "en": "{what} {code} was not found."}
    exit_code = 3
    http_status = 404


class MoveNotAllowed(WorkflowError):
    """The lifecycle has no such move from this state."""

    sentences = {
        "vi": "Không thực hiện được '{move}' với {code}: nhiệm vụ đang ở trạng thái '{state}'. Được phép: {allowed}.",
        "en": "Cannot {move} {code}: it is {state}. Allowed now: {allowed}.",
    }


class RoleNotAllowed(WorkflowError):
    """The move exists, but not for this person."""

    sentences = {
        "vi": "{actor} không có quyền thực hiện '{move}' với {code}. Người được phép: {allowed}.",
        "en": "{actor} may not {move} {code}. Who may: {allowed}.",
    }
    http_status = 403


class InputMissing(WorkflowError):
    """A move needs an input that was not given."""

    sentences = {
        "vi": "Thiếu '{field}' khi thực hiện '{move}' với {code}.",
        "en": "'{field}' is required to {move} {code}.",
    }
    http_status = 422


class InputWrong(WorkflowError):
    """A value is present but cannot be accepted."""

    sentences = {
        "vi": "{field}: giá trị '{value}' không hợp lệ. {why}",
        "en": "{field}: '{value}' cannot be accepted. {why}",
    }
    http_status = 422


class ChangedMeanwhile(WorkflowError):
    """Somebody else saved first; nothing of theirs was lost."""

    sentences = {
        "vi": "{code} vừa được người khác thay đổi (phiên bản {theirs}, bản của bạn là {yours}). Hãy xem lại rồi ghi tiếp.",
        "en": "{code} was changed meanwhile (version {theirs}, yours is {yours}). Look at it and save again.",
    }
