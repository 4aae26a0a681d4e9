"""What is wrong in a file of rules: every finding with its place, the value, the reason and an example."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from workflow.errors import WorkflowError


@dataclass(frozen=True)
class Finding:
    """One fault. `line` and `column` count from 1; `field` is a path: `ladders.deliver.rungs[2].offset`."""

    line: int
    column: int
    field: str
    value: str
    reason: dict[str, str]
    example: str

    def text(self, locale: str) -> str:
        return SHAPE[locale].format(
            line=self.line,
            column=self.column,
            field=self.field or "-",
            value=f" '{self.value}'" if self.value else "",
            reason=self.reason[locale],
            example=f"{EXAMPLE[locale]}{self.example}" if self.example else "",
        )


SHAPE = {
    "vi": "dòng {line}, cột {column}, {field}{value}: {reason}{example}",
    "en": "line {line}, column {column}, {field}{value}: {reason}{example}",
}
EXAMPLE = {"vi": " Ví dụ: ", "en": " Example: "}


class FileInvalid(WorkflowError):
    """Nothing of the file was taken over; `findings` lists all that is wrong with it."""

    sentences: ClassVar[dict[str, str]] = {
        "vi": "{name}: có {count} lỗi, chưa áp dụng gì.\n{listing}",
        "en": "{name}: {count} faults, nothing was applied.\n{listing}",
    }
    exit_code = 2
    http_status = 422

    def __init__(self, name: str, findings: Sequence[Finding]) -> None:
        self.findings = sorted(findings, key=lambda finding: (finding.line, finding.column, finding.field))
        listing = {locale: "\n".join(f.text(locale) for f in self.findings) for locale in ("vi", "en")}
        super().__init__(name=name, count=len(self.findings), listing=listing)


def reason(code: str, /, **facts: object) -> dict[str, str]:
    """The sentence of REASONS with its facts; a fact may itself be a pair of texts."""
    return {
        locale: template.format(**{name: _said(value, locale) for name, value in facts.items()})
        for locale, template in REASONS[code].items()
    }


def _said(value: object, locale: str) -> object:
    return value[locale] if isinstance(value, Mapping) else value


REASONS: dict[str, dict[str, str]] = {
    "empty": {"vi": "Tệp rỗng.", "en": "The file is empty."},
    "too_big": {
        "vi": "Tệp dài {size} ký tự, tối đa {limit}.",
        "en": "The file has {size} characters, at most {limit} are read.",
    },
    "tab": {
        "vi": "Thụt đầu dòng bằng phím Tab; YAML chỉ nhận dấu cách.",
        "en": "The indentation holds a tab; YAML allows spaces only.",
    },
    "syntax": {
        "vi": "Không đọc được YAML tại đây ({problem}).",
        "en": "Not readable as YAML here ({problem}).",
    },
    "control": {
        "vi": "Có ký tự không được phép (mã {code}).",
        "en": "A character that is not allowed (code {code}).",
    },
    "alias": {
        "vi": "Không dùng neo (&) hay tham chiếu (*) trong tệp này; hãy ghi rõ giá trị.",
        "en": "Anchors (&) and aliases (*) are not read here; write the value out.",
    },
    "tag": {"vi": "Không dùng thẻ kiểu (!) trong tệp này.", "en": "Type tags (!) are not read here."},
    "deep": {"vi": "Lồng quá {limit} cấp.", "en": "Nested deeper than {limit}."},
    "documents": {"vi": "Chỉ được có một tài liệu YAML.", "en": "Only one YAML document is allowed."},
    "duplicate_key": {
        "vi": "Khóa này đã có ở dòng {first}.",
        "en": "This key was already given on line {first}.",
    },
    "unknown_key": {
        "vi": "Không có khóa này. Được phép: {allowed}.",
        "en": "There is no such key. Allowed: {allowed}.",
    },
    "missing": {"vi": "Thiếu '{key}'.", "en": "'{key}' is missing."},
    "not_mapping": {"vi": "Ở đây phải là các cặp khóa: giá trị.", "en": "Expected key: value pairs here."},
    "not_list": {"vi": "Ở đây phải là danh sách.", "en": "Expected a list here."},
    "not_text": {"vi": "Ở đây phải là một giá trị đơn, không rỗng.", "en": "Expected one value, not empty."},
    "empty_list": {"vi": "Danh sách không được rỗng.", "en": "The list may not be empty."},
    "read_as_boolean": {
        "vi": "YAML hiểu từ này là đúng/sai; hãy đặt trong dấu nháy hoặc ghi true/false.",
        "en": "YAML reads this word as true or false; put it in quotes, or write true or false.",
    },
    "not_boolean": {"vi": "Chỉ nhận true hoặc false.", "en": "Only true or false."},
    "leading_zero": {
        "vi": "Số có chữ số 0 ở đầu, dễ bị hiểu là hệ tám; hãy bỏ số 0.",
        "en": "A leading zero may be read as octal; leave it out.",
    },
    "not_integer": {"vi": "Phải là số nguyên.", "en": "Expected a whole number."},
    "out_of_range": {"vi": "Phải từ {low} đến {high}.", "en": "Must lie between {low} and {high}."},
    "not_allowed": {"vi": "Được phép: {allowed}.", "en": "Allowed: {allowed}."},
    "repeated": {"vi": "Giá trị này được ghi hai lần.", "en": "This value is given twice."},
    "not_clock": {"vi": "Phải là giờ theo dạng HH:MM.", "en": "Expected a time of day as HH:MM."},
    "not_date": {
        "vi": "Phải là ngày có thật theo dạng NĂM-THÁNG-NGÀY.",
        "en": "Expected a real date, YYYY-MM-DD.",
    },
    "cycle": {
        "vi": "Thay thế vòng quanh: chức danh này cuối cùng lại thay cho chính mình.",
        "en": "The stand-ins go in a circle: this position ends up standing in for itself.",
    },
    "rung_order": {
        "vi": "Mốc nhắc phải xếp từ xa đến gần, không trùng; mốc trước là {before}.",
        "en": "Rungs go from far to near without repeats; the one before is {before}.",
    },
    "span_grows": {
        "vi": "Mốc gần hạn hơn không được đòi hỏi nhiều ngày hơn ({here}) mốc xa hơn ({before}).",
        "en": "A rung nearer to the due date may not need more days ({here}) than a farther one ({before}).",
    },
    "level_order": {
        "vi": "Cấp phải liên tục từ 1; ở đây phải là cấp {expected}.",
        "en": "Levels go up by one from 1; level {expected} belongs here.",
    },
    "level_after": {
        "vi": "Phải lớn hơn số ngày của cấp dưới ({before}).",
        "en": "Must be more than the level below has ({before}).",
    },
    "gap_too_wide": {
        "vi": "Khoảng cách {gap} ngày không vừa: hai cấp chỉ cách nhau {room} ngày.",
        "en": "A gap of {gap} days does not fit: the two levels are {room} days apart.",
    },
    "reserved_word": {
        "vi": "'{word}' là từ dành riêng, không đặt tên trạng thái được.",
        "en": "'{word}' has a meaning of its own and cannot name a state.",
    },
    "nobody_has_role": {
        "vi": "Không ai có vai '{role}'. Được phép: {allowed}.",
        "en": "Nobody can have the role '{role}'. Allowed: {allowed}.",
    },
    "duplicate_move": {
        "vi": "Việc '{move}' đã có cho trạng thái '{state}'.",
        "en": "The move '{move}' is already defined for the state '{state}'.",
    },
    "one_draft": {
        "vi": "Phải có đúng một trạng thái thuộc giai đoạn draft; đang có {count}.",
        "en": "Exactly one state must have the phase draft; there are {count}.",
    },
    "unreachable": {
        "vi": "Không có đường nào từ '{start}' đến '{state}'.",
        "en": "No way leads from '{start}' to '{state}'.",
    },
    "dead_end": {
        "vi": "Từ '{state}' không có đường nào đến trạng thái kết thúc.",
        "en": "No way leads from '{state}' to a closed state.",
    },
    "never_met": {
        "vi": "Mở {kinds} nhưng không việc nào hoàn thành (discharges) được.",
        "en": "Opens {kinds}, which no move discharges.",
    },
    "never_resumed": {
        "vi": "Tạm dừng {kinds} nhưng không việc nào cho tiếp tục.",
        "en": "Pauses {kinds}, which no move resumes.",
    },
    "left_running": {
        "vi": "Sau việc này vẫn còn chạy: {kinds}. Hãy thêm vào discharges hoặc voids.",
        "en": "After this move {kinds} would run on. Add them to discharges or voids.",
    },
    "already_open": {
        "vi": "{day} không phải cuối tuần, vốn đã là ngày làm việc, không thể là ngày làm bù.",
        "en": "{day} is no weekend: it is worked anyway and cannot be worked in exchange.",
    },
    "already_closed": {
        "vi": "{day} là cuối tuần, vốn đã nghỉ, không thể là ngày nghỉ hoán đổi.",
        "en": "{day} is a weekend: it is closed anyway and cannot be an exchanged day off.",
    },
    "refused": {"vi": "{why}", "en": "{why}"},
    "due_or_rhythm": {
        "vi": "Cần đúng một trong hai: due_on (thời hạn) hoặc rhythm (kỳ báo cáo).",
        "en": "Exactly one of due_on (a day) and rhythm (a rule) is needed.",
    },
    "not_zone": {"vi": "Không có múi giờ này.", "en": "There is no such time zone."},
}
