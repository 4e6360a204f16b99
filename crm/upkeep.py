"""What the console does when it starts: edits by hand are named, what lay in the trash too long goes."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from crm.errors import CrmError
from crm.locale import _, ngettext

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm.workspace import Workspace

_SHOWN = 5


def upkeep(crm: Workspace) -> Iterator[str]:
    """Do it, and yield a sentence for everything that a person should know. A folder that is read-only stays so."""
    yield from strange(crm)
    if os.access(crm.store.data, os.W_OK):
        yield from _empty_trash(crm)


def strange(crm: Workspace) -> Iterator[str]:
    """Yield what is wrong in table files that changed since the last look, and how it is taken over or dropped."""
    from crm.store.seen import strange_files

    if not strange_files(crm.store):
        return
    from crm.store.check import check

    found = [finding for finding in check(crm.store) if not finding.note]
    yield from map(str, found[:_SHOWN])
    if len(found) > _SHOWN:
        yield _("… and {n} more: crm check").format(n=len(found) - _SHOWN)
    yield remedy(by_hand=any(finding.by_hand for finding in found))


def remedy(*, by_hand: bool) -> str:
    """Return what to do about findings, with the way to drop edits by hand where there are some."""
    if by_hand:
        return _("Take the edits over as a change: crm check --repair. Drop them: crm rebuild")
    return _("Mend what can be mended: crm check --repair")


def _empty_trash(crm: Workspace) -> Iterator[str]:
    """Remove for good what was in the trash for the days of the settings, where the actor may delete."""
    from crm.sales.trash import purge

    if not crm.guard.may("delete", "", None):
        return
    try:
        gone = purge(crm)
    except CrmError as error:
        yield str(error)
        return
    if gone:
        yield ngettext(
            "{n} record that lay in the trash too long was removed; back with: crm undo",
            "{n} records that lay in the trash too long were removed; back with: crm undo",
            len(gone),
        ).format(n=len(gone))
