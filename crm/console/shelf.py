"""Tables of given records without filters of their own: what a search finds, who is known by a phone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm.console.board import counted
from crm.console.cells import link_cell, text_cell
from crm.console.routes import page
from crm.console.visit import Plain, View
from crm.errors import InvalidValue, NotFound
from crm.locale import _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crm.console.visit import Context, Visit
    from crm.model.record import Record
    from crm.sales.noun import Noun

PAGE = 100


@page("/find")
def find(visit: Visit) -> View:
    """Show what a search finds, of every noun."""
    text = visit.query.get("text").strip()
    found = visit.crm.find(text, limit=PAGE) if text else []
    shelf = Shelf(
        visit, _("Found: «{text}»").format(text=text) if text else _("Search"), visit.url.find(text=text), found
    )
    made = shelf.context(visit.crm.nouns, len(found))
    if not found:
        made["empty"] = {
            "title": _("Nothing found"), "text": _("Look for a part of a name, a phone, or the number of a paper."),
            "command": "", "action": None, "other": None,
        }  # fmt: skip
    data = {"records": [{**visit.crm.collection(one.noun).export(one), "noun": one.noun} for one in found]}
    return View("list.html", made["title"], "", {"records": made}, data=data)


@page("/suggest/<kind>")
def suggest(visit: Visit, kind: str) -> Plain:
    """Name the records of a noun that have the text in them, for a form."""
    if kind not in visit.crm.nouns:
        raise NotFound(_("There is no noun «{noun}».").format(noun=kind))
    try:
        found = visit.crm.find(visit.query.get("text"), nouns=(kind,), limit=8)
    except InvalidValue:
        found = []
    labels = [record.label for record in found]
    return Plain(
        [{"value": one.label if labels.count(one.label) == 1 else one.ref, "title": one.label} for one in found]
    )


class Shelf:
    """A table of given records, of one noun or of several, without filters."""

    def __init__(self, visit: Visit, title: str, address: str, found: list[Any]) -> None:
        self.visit = visit
        self.shown = visit.shown
        self.title = title
        self.address = address
        self.found: list[Record] = found

    def context(self, nouns: Mapping[str, Noun], count: int) -> Context:
        """Return what `list.html` shows."""
        columns = [_plain_column(title, minor=False) for title in (_("Name"), _("Kind"))]
        columns += [_plain_column(title, minor=True) for title in (_("Owner"), _("Updated"))]
        names = ("filters", "carried", "chips", "faults", "bulk", "downloads", "beside")
        plain: Context = dict.fromkeys(names, ())
        return {
            **plain, "kind": "activity", "title": self.title, "address": self.address, "board": "", "add": None,
            "total": {"count": counted("", count), "sum": ""}, "tabs": [], "columns": columns,
            "rows": [self._row(nouns[record.noun], record) for record in self.found],
            "pages": {"text": "", "previous": "", "next": ""}, "empty": None, "views": None, "chooser": None,
            "builder": None, "unfiltered": "", "every": "",
        }  # fmt: skip

    def _row(self, noun: Noun, record: Record) -> Context:
        address = self.visit.url.card(noun.name, record.id)
        kind = text_cell(noun.entity.one())
        ends = [self.shown.cell(noun, name, record.doc) for name in ("owner", "updated") if name in noun.fields]
        ends = [None, *ends] if len(ends) == 1 else ends
        cells = [link_cell(record.label, address), kind, *(one or text_cell("") for one in ends)]
        return {"id": record.id, "address": address, "title": record.label, "tone": "", "cells": cells}


def _plain_column(title: str, *, minor: bool) -> Context:
    return {"name": title, "title": title, "type": "text", "minor": minor, "sort": "", "order": "none"}
