"""Wrong usage, in the reader's language."""

import pytest

from tests.cli.conftest import Shell

CASES = [
    (("directive", "show"), "Lỗi: Thiếu tham số CODE."),
    (("directive", "list", "--nosuch"), "Lỗi: Không có tùy chọn --nosuch."),
    (("directive", "lst"), "Lỗi: Không có lệnh lst. Có phải: list?"),
    (("nosuch",), "Lỗi: Không có lệnh nosuch."),
    (("import", "no-such-file.yaml"), "Lỗi: Không có tệp no-such-file.yaml."),
    (("conclusion", "add", "-"), "Lỗi: Thiếu tùy chọn --supervision."),
    (("--lang", "fr", "status"), "Lỗi: Giá trị không hợp lệ cho --lang: cần một trong vi, en."),
    (("serve", "--port", "x"), "Lỗi: Giá trị không hợp lệ cho --port: cần một số nguyên"),
]


@pytest.mark.parametrize(("arguments", "said"), CASES)
def test_wrong_usage_is_said_in_vietnamese(shell: Shell, arguments: tuple[str, ...], said: str) -> None:
    answer = shell(*arguments)
    assert answer.code == 2
    assert said in answer.err
    assert "Error:" not in answer.err


def test_wrong_usage_is_said_in_english_when_asked(shell: Shell) -> None:
    answer = shell("--lang", "en", "directive", "list", "--nosuch")
    assert answer.code == 2
    assert "No such option" in answer.err
    assert "Lỗi" not in answer.err
