"""How a parser in the child process says no."""


class Refused(Exception):
    """`reason` is abnormal, encrypted, no_text, too_complex or damaged."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
