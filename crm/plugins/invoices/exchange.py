"""Exchange numbers: what 1C and banks know an invoice by. Digits, counted up, never given twice.

1C keeps numbers of six digits and matches by them for ever, so an undone invoice takes its number with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.plugins.quotes.numbering import highest_of

if TYPE_CHECKING:
    from crm.sales.desk import Desk
    from crm.store.journal import Line

_FIELD = "exchange_number"


def next_exchange_number(crm: Desk, first: int) -> int:
    """Return the number after the highest that any invoice ever bore, also one that was undone; at least `first`."""
    highest = highest_of(crm, "invoice", _FIELD) or 0
    return max(first, highest + 1, _highest_undone(crm, highest) + 1)


def _highest_undone(crm: Desk, highest: int) -> int:
    """Return the highest number in the history since the one that still stands was given."""
    from crm.store.history import lines_of_kind

    since = _given_at(crm, highest)
    return max((number for line in lines_of_kind(crm.store, "invoice", since) for number in _numbers(line)), default=0)


def _given_at(crm: Desk, number: int) -> int:
    """Return the change set that gave an exchange number, 0 where it is not known."""
    from crm.store.history import line, numbers_after

    for record_id in crm.store.index.lookup("invoice", _FIELD, str(number)):
        for n in numbers_after(crm.store, "invoice", record_id, 0):
            found = line(crm.store, n)
            if found is not None and number in _numbers(found):
                return n
    return 0


def _numbers(line: Line) -> list[int]:
    return [
        int(fields[_FIELD])
        for change in line.changes
        for fields in (change.before, change.after)
        if change.kind == "invoice" and fields and fields.get(_FIELD)
    ]
