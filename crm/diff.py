"""What changed between two moments: the net difference of every record, field by field. Who did it is in the log."""

from __future__ import annotations

from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, NamedTuple

from crm.errors import InvalidValue, NotFound
from crm.locale import _
from crm.model.user import SECRET
from crm.past import number_of
from crm.store import history
from crm.store.past import before

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm.model.fields import Doc
    from crm.past import Moment
    from crm.store.journal import Change
    from crm.workspace import Workspace

_LINES = 32
"""Change sets that are kept while one record after another is read: an import touched neighbours."""
_LEFT_OUT = ("id", "rev", "created", "updated", *SECRET)


class Difference(NamedTuple):
    """One field of one record that is not what it was; `old` and `new` are JSON values, None where there was none."""

    ref: str
    label: str
    field: str
    old: Any
    new: Any


def diff(crm: Workspace, since: Moment, until: Moment | None = None) -> Iterator[Difference]:
    """Return what differs at `until` (now, when None) from what stood at `since`, by kind, record and field.

    A record made in between has no old values, one that is gone no new ones; what was changed and changed back does
    not appear, nor what the actor may not read.
    """
    start = number_of(crm, since, "--from")
    end = crm.store.number if until is None else number_of(crm, until, "--to")
    if end < start:
        raise InvalidValue(_("The second moment is before the first."), _("Exchange --from and --to."))
    if end > crm.store.number:
        raise NotFound(_("There is no change {n}.").format(n=end), _("See the history: crm log."))
    return _between(crm, start, end)


def _between(crm: Workspace, start: int, end: int) -> Iterator[Difference]:
    """Read what changed record by record, as far as it is asked for: what stands now, and its changes since then."""
    changes_of = lru_cache(_LINES)(partial(_changes, crm))
    for kind, record_id in history.touched(crm.store, start, end):
        if kind in crm.nouns:
            now, later = crm.doc(kind, record_id), []
            for n in history.numbers_after(crm.store, kind, record_id, start):
                change = changes_of(n).get((kind, record_id))
                if change is not None and (now is None or change.rev <= now["rev"]):
                    later.append((n, change))
            old = before([change for _n, change in later], now)
            new = before([change for n, change in later if n > end], now)
            yield from _record(crm, kind, old, new)


def _changes(crm: Workspace, n: int) -> dict[tuple[str, int], Change]:
    line = history.line(crm.store, n)
    return {(change.kind, change.id): change for change in line.changes} if line is not None else {}


def _record(crm: Workspace, kind: str, old: Doc | None, new: Doc | None) -> Iterator[Difference]:
    known = new or old
    if known is None or not all(crm.guard.may("read", kind, doc) for doc in (old, new) if doc is not None):
        return
    label = crm.collection(kind).record(known).label
    for name in _names(crm, kind, {**(old or {}), **(new or {})}):
        before, after = (old or {}).get(name), (new or {}).get(name)
        if before != after:
            yield Difference(f"{kind}/{known['id']}", label, name, before, after)


def _names(crm: Workspace, kind: str, fields: Doc) -> list[str]:
    """Return the fields in the order of the noun, then those that it does not know."""
    known = [name for name in crm.nouns[kind].fields if name in fields]
    unknown = sorted(fields.keys() - set(known))
    return [name for name in [*known, *unknown] if name not in _LEFT_OUT]
