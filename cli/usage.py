"""Wrong usage, said in the reader's language; the library's own sentences are English only."""

import click
from click.exceptions import NoArgsIsHelpError

NEEDED = {
    "argument": "Thiếu tham số {what}.",
    "option": "Thiếu tùy chọn {what}.",
}
CLOSE = "Có phải: {words}?"


def show(error: click.ClickException, locale: str) -> None:
    """To standard error: how the command is called, where its help is, and what was wrong."""
    if locale == "en" or isinstance(error, NoArgsIsHelpError):
        error.show()
        return
    context = error.ctx if isinstance(error, click.UsageError) else None
    if context is not None:
        click.echo(f"{context.get_usage()}\nXem thêm: {context.command_path} --help\n", err=True)
    click.echo(f"Lỗi: {sentence(error)}", err=True)


def sentence(error: click.ClickException) -> str:
    match error:
        case click.NoSuchOption():
            return f"Không có tùy chọn {error.option_name}. {_close(error.possibilities)}".strip()
        case click.exceptions.NoSuchCommand():
            return f"Không có lệnh {error.command_name}. {_close(error.possibilities)}".strip()
        case click.MissingParameter():
            kind = error.param_type or (error.param.param_type_name if error.param else "argument")
            return NEEDED.get(kind, NEEDED["argument"]).format(what=_name(error))
        case click.BadParameter(param=click.Parameter() as parameter):
            return f"Giá trị không hợp lệ cho {_name(error)}: {_needed(parameter.type, error.message)}"
    return error.format_message()


def _close(words: list[str] | None) -> str:
    return CLOSE.format(words=", ".join(words)) if words else ""


def _name(error: click.BadParameter) -> str:
    if error.param is None:
        return str(error.param_hint or "")
    return error.param.get_error_hint(error.ctx).strip("'")


def _needed(kind: "click.ParamType[object]", message: str) -> str:
    match kind:
        case click.Choice():
            return f"cần một trong {', '.join(map(str, kind.choices))}."
        case click.Path():
            return "không có tệp hoặc thư mục này, hoặc không được đọc."
        case click.types.IntParamType():
            return "cần một số nguyên trong khoảng cho phép."
    return message
