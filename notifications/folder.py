"""The embedded default: mails land in a Maildir that page and command line can read, and go nowhere else."""

import mailbox
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from notifications.addresses import BadAddress, checked_address
from notifications.channels import OVERDUE, Connection, Fate, MayFinish, Outcome, always


@dataclass(frozen=True, slots=True)
class FolderChannel:
    path: Path

    def open(self) -> Connection:
        return FolderConnection(self.path)

    def describe(self) -> str:
        return f"mailbox:{self.path}"


class FolderConnection:
    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def send(self, sender: str, recipient: str, data: bytes, may_finish: MayFinish = always) -> Outcome:
        """Written beside and moved in, as Maildir asks: a reader never sees half a mail."""
        try:
            head = (
                f"Return-Path: <{checked_address(sender)}>\r\nDelivered-To: {checked_address(recipient)}\r\n"
            )
        except BadAddress as error:
            return Outcome(Fate.REJECTED, None, str(error))
        if not may_finish():
            return OVERDUE
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            name = mailbox.Maildir(self._path).add(head.encode("ascii") + data)
        except OSError as error:
            return Outcome(Fate.CHANNEL_FAULT, None, str(error), needs_operator=True)
        return Outcome(Fate.HANDED_OVER, None, name)

    def close(self) -> None:
        """Nothing is held open."""
