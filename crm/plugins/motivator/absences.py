"""The verbs of absences, and the days that they take away."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from crm.errors import InvalidValue
from crm.locale import _
from crm.plugins.motivator.absence import Absence
from crm.sales.collection import Collection

if TYPE_CHECKING:
    from crm.model.fields import Doc
    from crm.store.draft import Draft
    from crm.workspace import Workspace

LONGEST = 731


class Absences(Collection[Absence]):
    """All absences."""

    def given(self, values: dict[str, object]) -> dict[str, object]:
        """Return the values with the owner as one of the team."""
        return self.of_a_person(values)

    def complete(self, doc: Doc) -> Doc:
        """Return a new absence whose days can be."""
        doc = super().complete(doc)
        self._check(doc)
        return {**doc, "label_text": _label(doc)}

    def change(self, draft: Draft, stored: Doc, fields: Doc) -> None:
        """Draft a change whose days can be."""
        whole = {**stored, **fields}
        self._check(whole)
        super().change(draft, stored, {**fields, "label_text": _label(whole)})

    def _check(self, doc: Doc) -> None:
        self._require(doc)
        first, last = (date.fromisoformat(doc[name]) for name in ("first", "last"))
        if not first <= last <= first + timedelta(days=LONGEST):
            raise InvalidValue(
                _("An absence from {first} until {last} cannot be.").format(first=first, last=last),
                _("Give the first day and the last one, both included."),
            )


def _label(doc: Doc) -> str:
    return f"{doc.get('owner', '')} {doc['first']} – {doc['last']}".strip()


def days_absent(crm: Workspace) -> dict[str, frozenset[date]]:
    """Return the days on which each person is away; read without rights, as norms are everybody's."""
    found: dict[str, set[date]] = {}
    for doc in _all(crm):
        first, last = date.fromisoformat(doc["first"]), date.fromisoformat(doc["last"])
        days = {first + timedelta(days=shift) for shift in range((last - first).days + 1)}
        found.setdefault(str(doc.get("owner", "")), set()).update(days)
    return {login: frozenset(days) for login, days in found.items()}


def _all(crm: Workspace) -> list[Doc]:
    return [one.doc for one in crm.collection("absence").find()]
