"""The last look before a commit: the table files hold what the draft began with, or the index led it astray."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.errors import Damaged
from crm.locale import _
from crm.store.tables import PER_FILE, number_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crm.store.draft import Draft
    from crm.store.index import Index
    from crm.store.tables import TableFile


def refuse_missing(index: Index, kind: str, table: TableFile) -> None:
    """Raise Damaged for a table file that is not there although records of its span were made."""
    if table.seq == 0 and index.next_id(kind) > table.number * PER_FILE + 1:
        raise missing_file(table.plural, table.number)


def missing_file(plural: str, number: int) -> Damaged:
    """Name a table file that is missing."""
    return Damaged(
        _("A table file is missing: data/tables/{table}/{number:05d}.json.").format(table=plural, number=number),
        _("Run `crm rebuild` to write the tables anew from the journal."),
    )


def refuse_strange(draft: Draft, touched: Mapping[tuple[str, int], TableFile]) -> None:
    """Raise Damaged when a record that the draft changes does not stand in its table as the draft saw it."""
    for kind, record_id, _after in draft.docs():
        table = touched.get((kind, number_of(record_id)))
        if table is not None and table.get(record_id) != draft.before(kind, record_id):
            raise Damaged(
                _("The index and data/tables/{table} differ: {ref}.").format(
                    table=f"{table.plural}/{table.number:05d}.json", ref=f"{kind}/{record_id}"
                ),
                _("Run `crm check` to see what differs, `crm check --repair` to mend it."),
            )
