"""The filters of a board: words of its address as one query, as controls, and as chips to take away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tinydb.queries import where

from crm.console.controls import control, options
from crm.console.filters import Filters
from crm.locale import _
from crm.model.fields import Choice

if TYPE_CHECKING:
    from crm.console.visit import Context, Visit
    from crm.sales.noun import Noun

_MOST = 50
"""Clients whose name has the searched text in it, at most."""
_OFFERED = ("source", "quality")


class BoardFilters(Filters):
    """The filters of one board; the order and how much of a column is shown are none."""

    def __init__(self, visit: Visit, noun: Noun, pipeline: str) -> None:
        super().__init__(visit, noun)
        self.pipeline = pipeline
        self.asked = {name: value for name, value in self.asked.items() if name.partition("_")[0] != "show"}

    def address(self, /, **more: object) -> str:
        """Return the address of the board with some words of it changed."""
        return self.url.board(self.noun.name, self.pipeline, **{**self.asked, **more})

    def _condition_of(self, name: str, value: str) -> Any:
        return self._having(value.strip()) if name == "text" else super()._condition_of(name, value)

    def _having(self, text: str) -> Any:
        query = self.having_text(text)
        if self.noun.name == "deal":
            found = self.crm.find(text, nouns=("company", "contact"), limit=_MOST)
            refs = {kind: [record.ref for record in found if record.noun == kind] for kind in ("company", "contact")}
            query |= where("company").one_of(refs["company"]) | where("contacts").any(refs["contact"])
        return query

    def _filter_title(self, name: str) -> str:
        return _("Search on the board") if name == "text" else super()._filter_title(name)

    def row(self, sorts: dict[str, str], sort: str) -> list[Context]:
        """Return the controls above the board: a search, who and what of, the order."""
        found = [control("text", _("Search on the board"), value=self.asked.get("text", ""))]
        if self.shown.active:
            found.append(control("owner", _("Owner"), "select", options=self.owners()))
        fields = ((name, self.noun.fields.get(name)) for name in _OFFERED)
        found += [self._choice_filter(name, field) for name, field in fields if isinstance(field, Choice)]
        return [*found, control("sort", _("Order"), "select", options=options(sorts.items(), [sort]))]
