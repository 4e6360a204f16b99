"""Checking a store: journal, tables, index and attachments against each other."""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from crm.errors import Damaged
from crm.store import disk
from crm.store.survey import Survey

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm.store.commit import Store
    from crm.store.findings import Finding


def check(store: Store) -> list[Finding]:
    """Return everything that is not as the store wrote it, in the order of journal, tables, index, attachments.

    Open the store with `mending`, else damage may keep it shut. Findings that are only notes are no damage.
    """
    with at_rest(store, "check"), disk.explained(store.data), Survey(store) as survey:
        return survey.take().findings


def is_damaged(findings: list[Finding]) -> bool:
    """Tell whether anything among the findings is wrong: the command line then ends with 8."""
    return any(not finding.note for finding in findings)


@contextmanager
def at_rest(store: Store, holder: str) -> Iterator[None]:
    """Keep writers away where there can be any, with everything applied that the journal holds."""
    if not os.access(store.data, os.W_OK):
        yield
        return
    with store.locked(holder):
        if store.index.is_on_disk:
            with suppress(Damaged):
                store.catch_up()
        yield
