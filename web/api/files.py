"""Files within JSON: a name and its bytes as base64; kept first, forgotten when the act is refused."""

import base64
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from pydantic import Field

from config import attachments
from web.api.strict import Given
from web.files import checked
from web.form import Upload
from workflow.errors import InputWrong
from workflow.inputs import Evidence
from workflow.words import pair


class GivenFile(Given):
    """The kind is read from the content, never from the name."""

    name: str = Field(min_length=1, max_length=1000)
    content: str = Field(description="The bytes, as base64.")

    def bytes_of(self) -> bytes:
        try:
            return base64.b64decode(self.content, validate=True)
        except ValueError as error:  # of the signs, or that they are not ASCII
            why = pair("Nội dung không phải base64.", "The content is no base64.")
            raise InputWrong(field="files", value=self.name, why=why) from error


@contextmanager
def kept(home: Path, files: Sequence[GivenFile]) -> Iterator[tuple[Evidence, ...]]:
    evidence: list[Evidence] = []
    try:
        for file in files:
            content = file.bytes_of()
            checked(Upload("files", file.name, content))
            evidence.append(attachments.keep(home, file.name, BytesIO(content)))
        yield tuple(evidence)
    except BaseException:
        for one in evidence:
            if one.stored_as is not None:
                attachments.forget(home, one.stored_as)
        raise
