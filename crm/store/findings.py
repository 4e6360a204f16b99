"""What a check finds: one shape for everything that is wrong, and one for an edit that somebody made by hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crm.store.journal import Doc


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as the store wrote it.

    `file` is relative to the workspace, `line` counts from 1 (0: the whole file), `ref` is the record or empty, `what`
    a sentence. A `note` is worth knowing and nothing is wrong; `fixable` says that a repair mends it, `by_hand` that it
    takes over what somebody wrote.
    """

    file: str
    line: int
    ref: str
    what: str
    fixable: bool = True
    note: bool = False
    by_hand: bool = False

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.ref}: {self.what}" if self.ref else f"{place}: {self.what}"


@dataclass(frozen=True, slots=True)
class HandEdit:
    """A record that was changed in its table file by hand: `fields` maps names to new values, None to cleared ones.

    `rev` is the revision that was edited, 0 where the record was added by hand.
    """

    kind: str
    id: int
    rev: int
    fields: Doc

    @property
    def ref(self) -> str:
        """Name the record as references do."""
        return f"{self.kind}/{self.id}"
