"""What changed between two moments: the net difference of every record, field by field. Who did it is in the log."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any, NamedTuple

from crm.errors import InvalidValue
from crm.locale import _
from crm.model.user import SECRET
from crm.past import look_back, number_of
from crm.store import history

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm.model.fields import Doc
    from crm.past import Moment
    from crm.workspace import Workspace

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
    return _between(crm, start, end)


def _between(crm: Workspace, start: int, end: int) -> Iterator[Difference]:
    with closing(look_back(crm, start)) as earlier, closing(look_back(crm, end)) as later:
        for kind, record_id in history.touched(crm.store, start, end):
            if kind in crm.nouns:
                yield from _record(crm, kind, earlier.doc(kind, record_id), later.doc(kind, record_id))


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
