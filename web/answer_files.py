"""The files of one answer: stored before it is judged, kept for the next try when it is refused."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from config import attachments
from web import answer_keys, held_files
from web.files import checked
from web.form import Form
from web.site import Site
from workflow.errors import WorkflowError
from workflow.inputs import Evidence


class AnswerFiles:
    """`held` came with an earlier try, `uploaded` with this one; both belong to one link."""

    def __init__(self, site: Site, link_id: int, form: Form, move: str) -> None:
        self.home: Path = site.settings.home
        self.link_id, self.form, self.move = link_id, form, move
        seals = (answer_keys.open_file(site, link_id, sealed) for sealed in form.texts(f"{move}.held"))
        self.held = tuple(one for one in seals if one is not None)
        self.uploaded: list[Evidence] = []

    def keep(self) -> None:
        """Every file that can be kept is kept; then the first refusal is raised."""
        refusals = []
        for upload in self.form.uploads:
            if upload.field == f"{self.move}.evidence":
                try:
                    checked(upload)
                    self.uploaded.append(attachments.keep(self.home, upload.name, BytesIO(upload.content)))
                except WorkflowError as refusal:
                    refusals.append(refusal)
        if refusals:
            raise refusals[0]

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        proof = self.form.text(f"{self.move}.proof")
        return (*self.held, *self.uploaded, *((Evidence(proof),) if proof else ()))

    def hold(self) -> tuple[Evidence, ...]:
        """For the next try. Returns everything that waits."""
        for one in self.uploaded:
            held_files.hold(self.home, self.link_id, one)
        return (*self.held, *self.uploaded)

    def forget(self) -> None:
        """The answer counts already, or cannot be given at all."""
        for one in self.uploaded:
            attachments.forget(self.home, str(one.stored_as))

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Held files are in the store while the answer is saved, and back where they were if it is not."""
        taken: list[Evidence] = []
        try:
            for one in self.held:
                held_files.take(self.home, self.link_id, one)
                taken.append(one)
            yield
        except BaseException:
            for one in taken:
                held_files.hold(self.home, self.link_id, one)
            raise
