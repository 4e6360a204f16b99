"""Edits that somebody made in a table file by hand, read as if they were typed: a repair adopts what fits its field."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.errors import InvalidValue
from crm.locale import _

if TYPE_CHECKING:
    from crm.model.fields import Doc
    from crm.sales.desk import Desk
    from crm.sales.noun import Noun


class HandEdits:
    """What may be adopted in one workspace."""

    def __init__(self, crm: Desk) -> None:
        self.crm = crm

    def accept(self, kind: str, doc: Doc | None, fields: Doc) -> Doc:
        """Return the fields of an edit as they are to be stored, None for a cleared one; raise InvalidValue.

        `doc` is the record, None for one that was added. Fields that the program does not know stay as they are.
        """
        noun = self.crm.nouns[kind]
        read: Doc = {}
        for name, value in fields.items():
            read.update(self._read(noun, name, value))
        _refuse_lacking(noun, {**(doc or {}), **read})
        return read

    def _read(self, noun: Noun, name: str, value: object) -> Doc:
        field = noun.fields.get(name)
        if field is None or value is None:
            return {name: value}
        try:
            return field.read(value, self.crm.customs)
        except NotImplementedError:  # a field that the program alone writes
            return {name: value}


def _refuse_lacking(noun: Noun, doc: Doc) -> None:
    for name, field in noun.fields.items():
        if field.required and doc.get(name) in (None, "", []):
            raise InvalidValue(_("{noun}: «{field}» is needed.").format(noun=noun.name, field=name))
