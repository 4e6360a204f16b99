"""A change set as plugins see it before it is committed."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from crm.store.draft import Draft
    from crm.store.journal import Change, Doc


class Proposal(NamedTuple):
    """What is about to be committed: by which command, by whom, and what it changes."""

    command: str
    actor: str
    changes: list[Change]
    events: list[Doc]

    @classmethod
    def of(cls, draft: Draft) -> Proposal:
        """Return a draft as a proposal."""
        return cls(draft.command, draft.actor, draft.changes(), draft.events)
