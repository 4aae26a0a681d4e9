import os
from datetime import time
from pathlib import Path

import pytest

from config.settings import Settings, SettingWrong, load_settings

GOOD_KEY = "q8Zr1v-Lw0X5nTb3Jm7Yc2Hs9Kd4Pf6GaEuRi"


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """No variable of ours, an empty working directory, a home of its own."""
    for name in [name for name in os.environ if name.startswith("DONDOC_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DONDOC_HOME", str(tmp_path / "home"))
    return tmp_path


def refusal(monkeypatch: pytest.MonkeyPatch, **variables: str) -> SettingWrong:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingWrong) as refused:
        load_settings()
    return refused.value


def test_without_any_setting_everything_lives_under_home(bare: Path) -> None:
    settings = load_settings()
    home = bare / "home"
    assert settings.database_url == f"sqlite:///{home}/dondoc.db"
    assert settings.smtp_url == f"mailbox:{home}/mailbox"
    assert settings.broker_url is None
    assert settings.sweep_at == time(1, 30)
    assert home.stat().st_mode & 0o777 == 0o700


def test_the_home_follows_the_convention_of_the_desktop(monkeypatch: pytest.MonkeyPatch, bare: Path) -> None:
    monkeypatch.delenv("DONDOC_HOME")
    monkeypatch.setenv("XDG_DATA_HOME", str(bare / "data"))
    assert load_settings().home == bare / "data" / "dondoc"


def test_a_secret_key_is_made_once_and_kept_from_others(bare: Path) -> None:
    first, second = load_settings(), load_settings()
    assert first.secret_keys == second.secret_keys
    assert len(first.secret_keys[0]) >= 32
    assert (bare / "home" / "secret_key").stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in (bare / "home").iterdir()) == ["secret_key"]


def test_a_rotated_key_signs_while_the_old_one_is_still_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DONDOC_SECRET_KEY", f"{GOOD_KEY}new, {GOOD_KEY}old")
    assert load_settings().secret_keys == [f"{GOOD_KEY}new", f"{GOOD_KEY}old"]


def test_a_secret_may_be_handed_over_as_a_file(monkeypatch: pytest.MonkeyPatch, bare: Path) -> None:
    (bare / "url").write_text("postgresql://app:p%40ss@db/dondoc\n")
    monkeypatch.setenv("DONDOC_DATABASE_URL_FILE", str(bare / "url"))
    settings = load_settings()
    assert settings.database_url == "postgresql+psycopg://app:p%40ss@db/dondoc"
    assert "p%40ss" not in repr(settings)


def test_the_environment_beats_the_file_in_the_working_directory(
    monkeypatch: pytest.MonkeyPatch, bare: Path
) -> None:
    (bare / ".env").write_text("DONDOC_PORT=9001\nDONDOC_LOCALE=en\nOTHER_PROGRAM=1\n")
    monkeypatch.setenv("DONDOC_PORT", "9002")
    settings = load_settings()
    assert (settings.port, settings.locale) == (9002, "en")


def test_a_misspelled_name_in_the_file_is_not_passed_over(bare: Path) -> None:
    (bare / ".env").write_text("DONDOC_TIMEZON=Asia/Ho_Chi_Minh\n")
    with pytest.raises(SettingWrong, match="is it DONDOC_TIMEZONE"):
        load_settings()


def test_an_empty_variable_counts_as_not_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DONDOC_BROKER_URL", "")
    monkeypatch.setenv("DONDOC_OPERATOR", "")
    assert load_settings().broker_url is None


def test_settings_cannot_be_changed_afterwards() -> None:
    settings = load_settings()
    with pytest.raises(ValueError, match="frozen"):
        settings.port = 1


def test_recipients_may_be_limited_to_addresses_and_domains(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DONDOC_ONLY_TO", "@Thu.example.vn, an@sct.example.vn")
    assert load_settings().only_to == ("@thu.example.vn", "an@sct.example.vn")


@pytest.mark.parametrize(
    ("variable", "value", "vietnamese", "english"),
    [
        ("DONDOC_PORT", "abc", "phải là số nguyên", "whole number"),
        ("DONDOC_PORT", "70000", "không được quá 65535", "65535 or less"),
        ("DONDOC_POLL_SECONDS", "0", "phải lớn hơn 0", "greater than 0"),
        ("DONDOC_POLL_SECONDS", "31", "không được quá 30", "30 or less"),
        ("DONDOC_TIMEZONE", "Mars/Olympus", "không có múi giờ này", "no such zone"),
        ("DONDOC_SWEEP_AT", "25:00", "phải là giờ và phút", "hours and minutes"),
        ("DONDOC_LOCALE", "fr", "chỉ nhận: 'vi' or 'en'", "one of: 'vi' or 'en'"),
        ("DONDOC_DATABASE_URL", "mysql://u:hunter2@h/d", "sqlite:///", "sqlite:///"),
        ("DONDOC_DATABASE_URL", "sqlite://", "cần một tệp", "needs a file"),
        ("DONDOC_DATABASE_URL", "sqlite:///:memory:", "cần một tệp", "needs a file"),
        ("DONDOC_BROKER_URL", "amqp://u:hunter2@h", "redis://", "redis://"),
        ("DONDOC_BROKER_URL", "redis:///0", "thiếu tên máy chủ", "host name is missing"),
        ("DONDOC_SMTP_URL", "http://h", "mailbox:", "mailbox:"),
        ("DONDOC_SMTP_URL", "smtp://u:hunter2@h:99999", "cổng", "port"),
        ("DONDOC_SMTP_URL", "smtp://:25", "thiếu tên máy chủ", "name of the relay is missing"),
        ("DONDOC_SMTP_URL", "smtp://h?starttls=maybe", "starttls", "starttls is one of"),
        ("DONDOC_SMTP_URL", "mailto:x@y", "phải bắt đầu bằng smtp://", "must begin with smtp://"),
        ("DONDOC_BASE_URL", "dondoc.example.vn", "http://", "http://"),
        ("DONDOC_MAIL_FROM", "a@b.vn\r\nBcc: x@y.vn", "địa chỉ thư", "mail address"),
        ("DONDOC_MAIL_FROM", "a@b@c", "địa chỉ thư", "mail address"),
        ("DONDOC_OPERATOR", "nobody", "địa chỉ thư", "mail address"),
        ("DONDOC_ONLY_TO", "@ok.vn, everybody", "tên miền", "domain"),
        ("DONDOC_SECRET_KEY", "short", "32", "32"),
        ("DONDOC_SECRET_KEY", "change-me-change-me-change-me-now", "khoá mẫu", "example key"),
        ("DONDOC_SECRET_KEY", "0" * 40, "khoá mẫu", "example key"),
        ("DONDOC_SECRET_KEY_FILE", "/nowhere/key", "/nowhere/key", "/nowhere/key"),
        ("DONDOC_HOME", "/dev/null/home", "/dev/null/home", "/dev/null/home"),
        ("DONDOC_DATABSE_URL", "sqlite:////x", "có phải là DONDOC_DATABASE_URL", "is it DONDOC_DATABASE_URL"),
    ],
)
def test_a_wrong_value_stops_the_start_naming_the_field(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, vietnamese: str, english: str
) -> None:
    refused = refusal(monkeypatch, **{variable: value})
    assert refused.exit_code == 2
    for locale, sentence in (("vi", vietnamese), ("en", english)):
        said = refused.text(locale)
        assert variable in said
        assert sentence in said
        assert "hunter2" not in said
        assert "\n" not in said


def test_every_setting_has_a_line_in_the_example_file_and_in_the_reference() -> None:
    root = Path(__file__).resolve().parents[2]
    example = (root / ".env.example").read_text(encoding="utf-8")
    reference = (root / "docs/reference/settings.md").read_text(encoding="utf-8")
    names = [f"DONDOC_{field.upper()}" for field in Settings.model_fields]
    assert [name for name in names if f"{name}=" not in example] == []
    assert [name for name in names if f"`{name}`" not in reference] == []
