"""Evidence as it comes in with a form."""

from config import file_kinds
from web.form import Upload


def checked(upload: Upload) -> None:
    """Raises KindRefused, as for evidence that comes by mail."""
    file_kinds.check(upload.name, upload.content)
