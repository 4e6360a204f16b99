"""One class per kind of failure: what happened, where, and what to do, with its exit code and HTTP status."""

from __future__ import annotations


class CrmError(Exception):
    """A failure with a sentence for people; the last sentence is the remedy.

    `exit_code` is the contract of the command line, `status` the HTTP status of the console.
    """

    exit_code = 1
    status = 500

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip()


class WrongUsage(CrmError):
    """The words of a command do not fit together."""

    exit_code = 2
    status = 400


class NotFound(CrmError):
    """A record, a file or a workspace that is not there."""

    exit_code = 3
    status = 404


class InvalidValue(CrmError):
    """A value that its field cannot hold."""

    exit_code = 4
    status = 422


class Misplaced(InvalidValue):
    """A value of the settings that does not fit: `place` is its path in the file, `problem` what is wrong with it."""

    def __init__(self, message: str, remedy: str, place: tuple[str | int, ...], problem: str) -> None:
        super().__init__(message, remedy)
        self.place = place
        self.problem = f"{problem} {remedy}".strip()


class Refused(CrmError):
    """Rights, a plugin's veto or a rule of sales say no."""

    exit_code = 5
    status = 403


class ReadOnly(Refused):
    """The folder may be read and not written."""


class Busy(CrmError):
    """Another process holds the lock for longer than we wait."""

    exit_code = 6
    status = 503


class Conflict(CrmError):
    """A stale edit of a field that someone else has changed meanwhile."""

    exit_code = 6
    status = 409


class PluginFailed(CrmError):
    """A plugin raised, returned nonsense or could not be loaded."""

    exit_code = 7
    status = 500


class Damaged(CrmError):
    """Data on disk that is damaged, or of a version that this program does not know."""

    exit_code = 8
    status = 500


class OutsideFailed(CrmError):
    """A system outside the program failed: the disk, mail, a database."""

    exit_code = 9
    status = 502
