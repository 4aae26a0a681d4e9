"""A refusal names a field as programs know it; a page calls it by the words that stand above it."""

from web.moves import LABELS
from workflow.errors import InputMissing, InputWrong, WorkflowError
from workflow.words import Texts, pair

NAMES: dict[str, Texts] = {
    **LABELS,
    "title": pair("Tên gọi", "Title"),
    "incomplete_reason": pair("Lý do còn thiếu", "Why it is incomplete"),
    "urgency": pair("Mức độ khẩn", "Urgency"),
    "product": pair("Sản phẩm", "Product"),
    "text": pair("Nội dung", "Text"),
    "name": pair("Tên", "Name"),
    "body_name": pair("Tên trên văn bản", "Name on papers"),
    "body": pair("Tên cơ quan", "Name of the body"),
    "place": pair("Địa danh", "Place"),
    "code": pair("Mã", "Code"),
    "email": pair("Địa chỉ thư", "Mail address"),
    "new_email": pair("Địa chỉ mới", "New address"),
    "position": pair("Vị trí", "Post"),
    "kind": pair("Loại", "Kind"),
    "role": pair("Vai trò", "Role"),
    "supervision": pair("Cuộc giám sát", "Supervision"),
    "tu": pair("Từ đêm", "From the night of"),
    "den": pair("Đến đêm", "To the night of"),
    "rhythm": pair("Nhịp báo cáo", "Rhythm"),
    "password": pair("Mật khẩu mới", "New password"),
}


def in_words(refusal: WorkflowError, locale: str) -> str:
    """The sentence of the refusal, its field in words where they are known."""
    field = refusal.facts.get("field")
    words = NAMES.get(field.rpartition(".")[2].removeprefix("common_")) if isinstance(field, str) else None
    if words is None or type(refusal) not in (InputMissing, InputWrong):
        return refusal.text(locale)
    named = words if isinstance(refusal, InputWrong) else {one: _within(text) for one, text in words.items()}
    return type(refusal)(**{**refusal.facts, "field": named}).text(locale)


def _within(text: str) -> str:
    """As it stands in the middle of a sentence."""
    return text[:1].lower() + text[1:]
