"""The product a directive asks for: a paper, plan, list, rule or data set."""

import re

from workflow.conclusions.lexicon import alternation, shape, words

_PRODUCING = alternation(words("outputs", "producing"))
_NOUN = alternation(words("outputs", "products"))
_PRODUCT = re.compile(
    rf"(?<!\w){_PRODUCING} (?P<between>(?:[^,;.\s]+ ){{0,5}}?)(?P<product>(?:(?:các|những|bộ|một số|dự thảo|toàn bộ|\d+) )?{_NOUN}(?P<rest>[^;.\n]*))"
)
_ENDS = shape("outputs", "ends")
_BY_OTHERS = shape("outputs", "by_others")
_REPORTS_TO = re.compile(
    r"báo cáo (?:phó |đồng chí )?(?:chủ tịch|ubnd|hđnd|thường trực|ban thường vụ|sở|đoàn|bí thư|tỉnh|trưởng|lãnh đạo)"
)
_THEN_PRODUCES = re.compile(
    r", (?:gửi|trình|báo cáo|xây dựng|lập|ban hành|tham mưu|đề xuất|chuẩn bị|tổng hợp) "
)
_LONGEST = 110


def find_output(folded: str, start: int, end: int) -> tuple[int, int] | None:
    """Where the product stands in a directive; None when none is named."""
    text = folded[start:end]
    for found in _PRODUCT.finditer(text, _own_part(text)):
        first = found.start("product")
        stop = _ENDS.search(text, first + 1)
        last = min(stop.start() if stop else len(text), first + _LONGEST)
        phrase = text[first:last].rstrip(" ,")
        if _acceptable(found, phrase):
            return start + first, start + first + len(phrase)
    return None


def _own_part(text: str) -> int:
    """Where the addressee's own producing begins; behind it all when others produce."""
    if not _BY_OTHERS.match(text):
        return 0
    own = _THEN_PRODUCES.search(text)
    return own.start() if own else len(text)


def _acceptable(found: re.Match[str], phrase: str) -> bool:
    """ "báo cáo" is a product only as a noun, and never without more words after weak verbs."""
    between = found.group("between")
    if _REPORTS_TO.match(phrase) or between.endswith("bằng "):
        return False
    if found.string[: found.start()].rstrip().endswith(("công tác", "việc", "ngày", "về", "của", "kể từ")):
        return False
    if re.search(r" này(?!\w)", phrase[:30]):
        return False
    if re.search(
        r"(?:^| )(?:theo|việc|thực hiện|trong|tại|của|tiếp nhận|giải quyết|xử lý|kiểm tra|quản lý|kết quả) ",
        between,
    ):
        return False
    return not phrase.startswith(
        (
            "hướng dẫn các",
            "hướng dẫn ubnd",
            "quy định của",
            "quy định pháp luật",
            "văn bản về",
            "quyết định của",
        )
    )
