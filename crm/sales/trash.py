"""The trash: what lies in it, over all nouns, and taking out for good what has lain there long enough.

Putting a record into the trash and taking it out again are verbs of every collection.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from crm.errors import InvalidValue, Refused
from crm.locale import _

if TYPE_CHECKING:
    from crm.model.fields import Doc
    from crm.model.record import Record
    from crm.sales.desk import Desk
    from crm.sales.noun import Noun
    from crm.store.draft import Draft

MOST_DAYS = 36_500


def listing(crm: Desk) -> list[Record]:
    """Return everything in the trash that the actor may read, what was deleted last first."""
    found = [record for noun in crm.nouns for record in crm.collection(noun).find(trashed=True)]
    return sorted(found, key=_deleted_at, reverse=True)


def _deleted_at(record: Record) -> str:
    return str(record.doc["deleted"])


def purge(crm: Desk, days: int | None = None) -> list[str]:
    """Remove for good what has been in the trash for `days` days (those of the settings when None); return the refs.

    One change set, so that it can be undone. Links to what goes are cleared; a record that another one cannot be
    without stays. Raises Refused for who may not delete, InvalidValue for more than a hundred years.
    """
    if not crm.guard.may("delete", "", None):
        raise Refused(_("{login} may not empty the trash.").format(login=crm.actor), _("Ask an admin."))
    kept = crm.settings.account.trash_days if days is None else days
    if kept > MOST_DAYS:
        raise InvalidValue(_("The trash is kept for {n} days at most.").format(n=MOST_DAYS), _("Name fewer days."))
    with crm.writing("trash purge") as draft:
        limit = (datetime.fromisoformat(draft.time) - timedelta(days=kept)).isoformat(timespec="seconds")
        going = {record.ref: record for record in listing(crm) if _deleted_at(record) <= limit}
        for ref in _needed(crm, draft, set(going)):
            del going[ref]
        for ref in going:
            _clear_links(crm, draft, ref, set(going))
        for record in going.values():
            draft.remove(record.noun, record.id)
    return list(going)


def _needed(crm: Desk, draft: Draft, going: set[str]) -> set[str]:
    """Return the records that others, which stay, cannot be without; these others count as staying then."""
    needed: set[str] = set()
    while True:
        found = {ref for ref in going - needed if _is_needed(crm, draft, ref, going - needed)}
        if not found:
            return needed
        needed |= found


def _is_needed(crm: Desk, draft: Draft, ref: str, going: set[str]) -> bool:
    return any(noun.fields[name].required for noun, name, _doc in _linking(crm, draft, ref, going))


def _linking(crm: Desk, draft: Draft, ref: str, going: set[str]) -> list[tuple[Noun, str, Doc]]:
    """Return what links to a record and does not go with it: noun, field, document."""
    found = []
    for noun in crm.nouns.values():
        for name in noun.linking:
            for record_id in crm.store.index.lookup(noun.name, name, ref):
                doc = draft.get(noun.name, record_id)
                if doc is not None and f"{noun.name}/{record_id}" not in going:
                    found.append((noun, name, doc))
    return found


def _clear_links(crm: Desk, draft: Draft, ref: str, going: set[str]) -> None:
    for noun, name, doc in _linking(crm, draft, ref, going):
        draft.update(noun.name, doc["id"], {name: _without(doc.get(name), ref) or None})


def _without(value: Any, ref: str) -> Any:
    """Return a stored link, list of links, or lines of goods without a reference."""
    if isinstance(value, list):
        return [_without(item, ref) for item in value if item != ref]
    if isinstance(value, dict):
        return {key: item for key, item in value.items() if item != ref}
    return None if value == ref else value
