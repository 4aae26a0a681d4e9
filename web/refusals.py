"""Refusals that only pages know: not signed in, too often, a form that is not ours."""

from typing import ClassVar

import structlog

from config import database
from workflow.errors import WorkflowError

log = structlog.get_logger("web")
SECONDS_TO_WAIT = {429: 60, 503: 10}


class SignInNeeded(WorkflowError):
    """Pages answer with the sign-in page, the API with 401."""

    sentences: ClassVar[dict[str, str]] = {"vi": "Cần đăng nhập.", "en": "Please sign in."}
    http_status = 401


class SecondFactorNeeded(WorkflowError):
    """The house asks this person for a second factor; pages answer with the page that sets it up."""

    sentences: ClassVar[dict[str, str]] = {
        "vi": "Vai trò của đồng chí cần bật xác thực hai lớp trước khi làm việc.",
        "en": "Your role needs a second factor before you can go on.",
    }
    http_status = 403


class TooOften(WorkflowError):
    """A limit of tries; it ends by itself."""

    sentences: ClassVar[dict[str, str]] = {
        "vi": "Đã thử quá nhiều lần. Đề nghị chờ ít phút rồi thử lại.",
        "en": "Too many tries. Please wait a few minutes and try again.",
    }
    http_status = 429


class ForeignForm(WorkflowError):
    """The form did not come from a page of ours, or that page is too old."""

    sentences: ClassVar[dict[str, str]] = {
        "vi": "Biểu mẫu đã hết hiệu lực, chưa ghi gì. Quay lại trang trước, tải lại rồi gửi lại.",
        "en": "This form is no longer valid; nothing was saved. Go back, reload the page and send it again.",
    }
    http_status = 403


class NoSuchPage(WorkflowError):
    """Not there, or not this person's to see: the two are never told apart."""

    sentences: ClassVar[dict[str, str]] = {"vi": "Không có trang này.", "en": "There is no such page."}
    http_status = 404


class TooLarge(WorkflowError):
    """More than a form may carry."""

    sentences: ClassVar[dict[str, str]] = {
        "vi": "Nội dung gửi lên vượt mức {most} MB.",
        "en": "What was sent is larger than {most} MB.",
    }
    http_status = 413


class DatabaseAway(WorkflowError):
    """What a visitor is told: the particulars name machines and accounts, and stand in the log only."""

    sentences: ClassVar[dict[str, str]] = {
        "vi": "Cơ sở dữ liệu không dùng được lúc này. Chưa ghi gì; hãy thử lại sau ít phút.",
        "en": "The database cannot be used right now. Nothing was written; try again in a few minutes.",
    }
    http_status = 503


def outward(error: WorkflowError) -> WorkflowError:
    """The refusal as anybody at all may read it."""
    if not isinstance(error, database.DatabaseAway):
        return error
    log.error("database away", why=error.facts["why"])
    return DatabaseAway()


def again_after(status: int) -> dict[str, str]:
    """The header that tells programs when to ask again; none where asking again does not help."""
    seconds = SECONDS_TO_WAIT.get(status)
    return {} if seconds is None else {"Retry-After": str(seconds)}
