"""The gate before the commit: what the index is to keep of a change set is made first, and refused when it cannot be.

So no record is committed that could not be read afterwards, whoever drafted it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.errors import InvalidValue
from crm.locale import _
from crm.store.index import batch_of, misfit
from crm.store.journal import Doc, dump

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from crm.store.index import Batch
    from crm.store.schema import Kind, Kinds


def batches(kinds: Kinds, docs: Iterable[tuple[str, int, Doc | None]]) -> list[Batch]:
    """Return what the index is to take in of (kind, id, document or None when it is gone)."""
    return [_batch(kind, group) for kind, group in _by_kind(kinds, docs)]


def checked_batches(kinds: Kinds, docs: Iterable[tuple[str, int, Doc | None]]) -> list[Batch]:
    """Return what the index is to take in; raise InvalidValue for a field that holds what it cannot."""
    return [checked_batch(kind, group) for kind, group in _by_kind(kinds, docs)]


def _by_kind(kinds: Kinds, docs: Iterable[tuple[str, int, Doc | None]]) -> Iterable[tuple[Kind, dict[int, Doc | None]]]:
    grouped: dict[str, dict[int, Doc | None]] = {}
    for name, record_id, doc in docs:
        grouped.setdefault(name, {})[record_id] = doc
    return [(kinds[name], group) for name, group in grouped.items() if name in kinds]


def _batch(kind: Kind, group: Mapping[int, Doc | None]) -> Batch:
    living = [(doc, dump(doc)) for doc in group.values() if doc is not None]
    return batch_of(kind, living, removed=[record_id for record_id, doc in group.items() if doc is None])


def checked_batch(kind: Kind, group: Mapping[int, Doc | None]) -> Batch:
    """Return what the index is to take in of some records of a kind, by id; raise InvalidValue."""
    try:
        batch = _batch(kind, group)
        "".join(row[-1] for row in batch.rows).encode()
        living = [doc for doc in group.values() if doc is not None]
        for doc, row in zip(living, batch.rows, strict=True):
            kind.view(doc)
            field = misfit(kind, doc, row)
            if field:
                raise _misfit(kind, doc, field)
    except (TypeError, ValueError, AttributeError, LookupError, ArithmeticError) as error:
        raise InvalidValue(
            _("{noun}: a field holds what it cannot: {reason}.").format(noun=kind.name, reason=error),
            _("Give it a value of its own kind."),
        ) from error
    return batch


def _misfit(kind: Kind, doc: Doc, field: str) -> InvalidValue:
    return InvalidValue(
        _("{ref}: «{field}» cannot hold {value}.").format(
            ref=f"{kind.name}/{doc['id']}", field=field, value=dump(doc[field])
        ),
        _("Give it a value of its own kind."),
    )
