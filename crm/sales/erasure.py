"""What is left of records when a person is forgotten: his own cards are emptied, his traces in other records replaced.

Whose data it is and where it stands is found in `forgetting`; files are rewritten by the store.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm.errors import InvalidValue
from crm.model.email_address import fold
from crm.model.field_dates import Day, Moment
from crm.model.field_lists import Choices, Refs
from crm.model.fields import REF, Choice, Flag, MoneyField, Number, Quantity, Ref
from crm.model.forgotten import FORGOTTEN, mark
from crm.sales.noun import SYSTEM

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crm.model.fields import Doc
    from crm.sales.forgetting import Person
    from crm.sales.noun import Noun
    from crm.sales.traces import Traces

_ALWAYS = {*SYSTEM, "owner", "merged_into", FORGOTTEN}
_KEPT = {
    "contact": _ALWAYS,
    "lead": _ALWAYS
    | {"stage", "stage_since", "stage_log", "quality", "junk_reason", "source", "amount", "score", "converted_to"}
    | {"company_name"},
    "activity": _ALWAYS | {"kind", "about", "due", "done", "done_at", "direction", "outcome", "duration", "points"},
}
"""What stays on an emptied card: what reports count by, and links that others hold."""
_NAMING = {"contact": "name", "lead": "name", "activity": "subject"}
_NO_TEXT = (Choice, Choices, Day, Flag, Moment, MoneyField, Number, Quantity, Ref, Refs)
_OF_OTHERS = {"phones", "phones_typed", "emails"}
_NAMES = {"name", "first_name", "last_name", "middle_name", "legal_name", "tax_ids", "bank"}
_LEFT = {
    "contact": _OF_OTHERS | _NAMES,
    "company": _OF_OTHERS | _NAMES,
    "lead": _OF_OTHERS,
}
"""What another card says of whom it is about, though it may be alike."""
_OURS = {*SYSTEM, "owner", "responsible", "approved_by", "seller"}
"""Logins, and our own side of a paper."""


class Erasure:
    """The cleaner of one forgetting: the same value of the same field always comes out the same."""

    def __init__(self, person: Person, nouns: Mapping[str, Noun], placeholder: str, secret: str) -> None:
        self.person = person
        self.placeholder = placeholder
        self.secret = secret
        self._anywhere = person.traits.anywhere()
        self._about_him = person.traits.about_him()
        self._passed = {name: _passed(noun) for name, noun in nouns.items()}
        self._remembered = {name: noun.entity.remembered for name, noun in nouns.items()}  # of an unknown noun: all

    def fields(self, kind: str, record_id: int, fields: Doc) -> Doc:
        """Return fields of a record without his data."""
        if kind == "user":
            return fields
        card = (kind, record_id)
        emptied = card in self.person.emptied
        kept = self._emptied(kind, fields) if emptied else fields
        passed = self._passed.get(kind, _OURS) | (set() if emptied else _LEFT.get(kind, set()))
        passed = passed | self.person.passed.get(card, set())
        traces = self._about_him if card in self.person.linked else self._anywhere
        return {
            name: value if name in passed else self._field(kind, name, value, traces) for name, value in kept.items()
        }

    def _emptied(self, kind: str, fields: Doc) -> Doc:
        naming = _NAMING[kind]
        return {
            name: self.placeholder if name == naming else value
            for name, value in fields.items()
            if name in _KEPT[kind] or name == naming
        }

    def _field(self, kind: str, name: str, value: Any, traces: Traces) -> Any:
        if isinstance(value, str) and name in self._remembered.get(kind, (name,)):
            value = self._marked(value)
        return self._cleaned(value, traces)

    def _marked(self, address: str) -> str:
        try:
            return mark(address, self.secret) if fold(address) in self.person.traits.emails else address
        except InvalidValue:
            return address

    def _cleaned(self, value: Any, traces: Traces) -> Any:
        if isinstance(value, str):
            return value if REF.fullmatch(value) else traces.replaced(value, self.placeholder)
        if isinstance(value, list):
            items = [(item, self._cleaned(item, traces)) for item in value]
            return [clean for item, clean in items if clean == item or clean != self.placeholder]
        if isinstance(value, dict):
            return {self._cleaned(key, traces): self._cleaned(part, traces) for key, part in value.items()}
        return value

    def value(self, value: Any) -> Any:
        """Return any other value without his traces."""
        return self._cleaned(value, self._anywhere)

    def text(self, text: str) -> str:
        """Return a text of a log without his traces, single words of his name too."""
        return self._about_him.replaced(text, self.placeholder)


def _passed(noun: Noun) -> set[str]:
    """Return the fields of a noun that hold no words of people."""
    return {name for name, field in noun.fields.items() if isinstance(field, _NO_TEXT)} | _OURS
