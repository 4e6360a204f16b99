"""Merging of duplicates: one record keeps what it has and takes what it lacks; links to the others lead to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm.errors import WrongUsage
from crm.locale import _
from crm.model.field_lists import ManyOf
from crm.sales.noun import SYSTEM

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crm.model.fields import Doc
    from crm.model.record import Record
    from crm.sales.collection import Collection
    from crm.sales.desk import Desk
    from crm.store.draft import Draft

_OWN = {*SYSTEM, "stage", "stage_since", "stage_log", "outcome", "owner", "score"}


def merge(crm: Desk, noun: str, keep: int | str, others: Iterable[int | str]) -> Record:
    """Merge records into `keep` as one change set; the others go to the trash, undo brings all back.

    A value of `keep` stands; lists are united; mappings are united with the values of `keep` on top.
    """
    records = crm.collection(noun)
    with crm.writing(f"{noun} merge") as draft:
        kept_id = records.id_of(keep)
        ids = list(dict.fromkeys(records.id_of(other) for other in others))
        if kept_id in ids:
            raise WrongUsage(_("A record cannot be merged into itself."))
        for record_id in ids:
            kept, other = records.editable(kept_id), records.editable(record_id)
            fields = united(kept, other)
            _refuse_too_many(records, fields)
            draft.update(noun, kept_id, fields)
            _relink(crm, draft, f"{noun}/{record_id}", f"{noun}/{kept_id}")
            draft.update(noun, record_id, {"deleted": draft.time, "merged_into": f"{noun}/{kept_id}"})
        merged: Record = records.get(kept_id)
        return merged


def _refuse_too_many(records: Collection[Any], fields: Doc) -> None:
    for name, values in fields.items():
        field = records.noun.fields.get(name)
        if isinstance(field, ManyOf):
            field.limited(values)


def united(kept: Doc, other: Doc) -> Doc:
    """Return the fields that `kept` takes from `other`."""
    return {
        name: value
        for name in other.keys() - _OWN
        if (value := _united_value(kept.get(name), other[name])) != kept.get(name)
    }


def _united_value(mine: Any, theirs: Any) -> Any:
    if mine in (None, "", []):
        return theirs
    if isinstance(mine, list) and isinstance(theirs, list):
        return mine + [value for value in theirs if value not in mine]
    if isinstance(mine, dict) and isinstance(theirs, dict) and "currency" not in mine:
        return {**theirs, **mine}
    return mine


def _relink(crm: Desk, draft: Draft, old: str, new: str) -> None:
    for noun in crm.nouns.values():
        for name in noun.linking:
            for record_id in crm.store.index.lookup(noun.name, name, old):
                doc = draft.get(noun.name, record_id)
                if doc is not None and name in doc:
                    draft.update(noun.name, record_id, {name: _replaced(doc[name], old, new)})


def _replaced(value: Any, old: str, new: str) -> Any:
    if value == old:
        return new
    if isinstance(value, dict):
        return {name: _replaced(part, old, new) for name, part in value.items()}
    if isinstance(value, list):
        replaced = [_replaced(item, old, new) for item in value]
        return [item for place, item in enumerate(replaced) if isinstance(item, dict) or item not in replaced[:place]]
    return value
