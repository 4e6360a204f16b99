"""Lists: the records of any noun as a table, with filters, an order, pages, sums and tabs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm.console.board import counted, figure
from crm.console.bulk_offers import bulk
from crm.console.cells import link_cell, text_cell
from crm.console.emptiness import unbegun, unfit, untrashed
from crm.console.filters import KEPT, Filters
from crm.console.menu import beside
from crm.console.roads import road
from crm.console.routes import page
from crm.console.views import views
from crm.console.visit import Sent, View
from crm.errors import InvalidValue, NotFound, WrongUsage
from crm.locale import N_, _
from crm.model.field_dates import Day, Moment
from crm.model.fields import Flag, MoneyField, Number, Quantity
from crm.sales.duplicates import NOUNS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crm.console.visit import Context, Visit
    from crm.model.fields import Field
    from crm.model.record import Record
    from crm.sales.collection import Group
    from crm.sales.noun import Noun

PAGE = 100
IMPORTED = ("contact", "company", "lead", "deal", "product", "activity")
"""Nouns that a file may bring."""
_ROOMY = 5
"""A table with so many columns of its own has no room for the time of the last change."""
_NARROW = ("owner", "title", "name", "amount", "stage", "total", "due", "status", "number", "subject")


def noun_of(visit: Visit, plural: str) -> Noun:
    """Return the noun of an address; raise NotFound."""
    found = next((noun for noun in visit.crm.nouns.values() if noun.plural == plural), None)
    if found is None:
        raise NotFound(_("There is no page «{name}».").format(name=plural), _("Look in the menu."))
    return found


@page("/<plural:re:[a-z_]+>")
def records(visit: Visit, plural: str) -> View:
    """Show the list of a noun."""
    listing = Listing(visit, noun_of(visit, plural))
    try:
        made = listing.context()
    except (InvalidValue, WrongUsage) as error:
        listing.let_faulty_go(error)
        made = listing.context()
    faulty = {"message": " ".join(listing.faults), "remedy": ""}
    data, status = (faulty, 422) if listing.faults else (listing.data(), 200)
    return View("list.html", made["title"], plural, {"records": made}, data=data, status=status)


@page("/<plural:re:[a-z_]+>.csv")
def table(visit: Visit, plural: str) -> Sent:
    """Send a list as a CSV file that spreadsheets open: semicolons, a mark of UTF-8, no formulas."""
    noun = noun_of(visit, plural)
    visit.crm.guard.check("export", noun.name, None)
    return Sent(f"{plural}.csv", "text/csv; charset=utf-8", Listing(visit, noun).csv().encode("utf-8-sig"))


@page("/<plural:re:[a-z_]+>.xlsx")
def spreadsheet(visit: Visit, plural: str) -> Sent:
    """Send everything that the filters select as a spreadsheet, with numbers, days and names as such."""
    import io

    from crm.sales.exporting import Export, write

    noun = noun_of(visit, plural)
    visit.crm.guard.check("export", noun.name, None)
    written = io.BytesIO()
    listing = Listing(visit, noun)
    write(Export(listing.collection, listing.query(), titled=True, sort=listing.sort()), written, "xlsx")
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return Sent(f"{plural}.xlsx", kind, written.getvalue())


class Listing(Filters):
    """The list of a noun under the filters of an address."""

    def __init__(self, visit: Visit, noun: Noun) -> None:
        super().__init__(visit, noun)
        self.collection = visit.crm.collection(noun.name)
        self.page = max(visit.query.number("page") or 1, 1)
        self.money = next(
            (name for name, one in noun.fields.items() if isinstance(one, MoneyField) and one.column), None
        )
        self.found: list[Record] = []
        self.count = 0

    def context(self) -> Context:
        """Return what `list.html` shows."""
        self.crm.guard.check("read", self.noun.name, None)
        groups = self._groups()
        mine = [group for group in groups if self.in_tab(group)]
        self.count = self.collection.count(self.query(), trashed=True) if self.trashed else _count(mine)
        self.page = min(self.page, max(1, -(-self.count // PAGE)))  # records may have gone since the page was counted
        self.found = list(self._find(PAGE, (self.page - 1) * PAGE))
        names = self.columns()
        self.shown.load_of(self.noun, [record.doc for record in self.found], names)
        return {
            "kind": self.noun.name,
            "title": self.noun.entity.many(),
            "address": self.address(page=self.page if self.page > 1 else ""),
            "total": {"count": counted(self.noun.name, self.count), "sum": self._sum(mine)},
            "board": self._board(),
            "add": self._add(),
            "beside": beside(self.visit, self.noun.name),
            "filters": self.controls(),
            "carried": [{"name": name, "value": self.asked[name]} for name in (*KEPT, "where") if name in self.asked],
            "chips": self.chips(),
            "faults": self.faults,
            "views": views(self.visit, self.address()),
            "chooser": self._chooser(),
            "builder": self.builder(),
            "unfiltered": self.address(**dict.fromkeys(self.conditions(), "")) if self.conditions() else "",
            "tabs": self._tabs(groups),
            "columns": [self._column(name) for name in names],
            "rows": [self._row(record, names) for record in self.found],
            "bulk": bulk(self),
            "every": self._every(),
            "pages": self._pages(),
            "downloads": self._downloads(),
            "empty": None if self.found else self._empty(),
        }

    def data(self) -> Context:
        """Return the page of records as scripts get it."""
        pages = self._pages()
        exported = [self.collection.export(record) for record in self.found]
        return {
            "count": self.count,
            "records": exported,
            "next": _twin(pages["next"]),
            "previous": _twin(pages["previous"]),
        }

    def csv(self) -> str:
        """Return everything that the filters select, as CSV."""
        import csv
        import io

        names = [name for name in self.noun.fields if name not in ("created", "updated")]
        written = io.StringIO()
        writer = csv.writer(written, delimiter=";", lineterminator="\r\n")
        writer.writerow(["id", *(self.noun.fields[name].label for name in names)])
        found = list(self._find(None, 0))
        self.shown.load_of(self.noun, [record.doc for record in found], names)
        for record in found:
            texts = (self.shown.text(self.noun.fields[name], record.doc.get(name)) for name in names)
            writer.writerow([record.id, *map(harmless, texts)])
        return written.getvalue()

    # --- reading -----------------------------------------------------------------------------------------------------

    def _groups(self) -> list[Group]:
        by = [self.tab()] if self.tab() else []
        return self.collection.totals(*by, money=self.money, query=self.query(tabs=False))

    def _find(self, limit: int | None, offset: int) -> Iterable[Record]:
        sort = self.sort()
        return self.collection.find(self.query(), sort=sort, limit=limit, offset=offset, trashed=self.trashed)

    # --- showing -----------------------------------------------------------------------------------------------------

    def _sum(self, groups: list[Group]) -> str:
        if self.money is None or self.trashed or not any(group.minor for group in groups):
            return ""
        return self.shown.total((group.currency, group.minor) for group in groups)

    def _board(self) -> str:
        if road(self.crm, self.noun.name) is None:
            return ""
        pipeline = self.asked.get("pipeline", "") if self.noun.name == "deal" else ""
        kept = {name: self.asked[name] for name in ("owner", "text") if name in self.asked}
        first = pipeline or (
            self.crm.settings.pipelines[0].id if self.noun.name == "deal" else self.crm.settings.leads.id
        )
        return self.url.board(self.noun.name, first, **kept)

    def _add(self) -> Context | None:
        if not self.crm.guard.may("create", self.noun.name, None) or not _addable(self.crm, self.noun):
            return None
        address = self.url.add(self.noun.name, pipeline=self.asked.get("pipeline", ""), back=self.address())
        return {"title": _("Add"), "address": address}

    def _tabs(self, groups: list[Group]) -> list[Context]:
        if not self.tab() or self.trashed:
            return []
        names: dict[str, dict[str, object]] = {
            "deal": {"": "", "open": None, "won": "won", "lost": "lost"},
            "activity": {"": "", "no": None, "yes": 1},
        }
        return [self._tab_context(value, held, groups) for value, held in names[self.noun.name].items()]

    def _tab_context(self, value: str, held: object, groups: list[Group]) -> Context:
        mine = [group for group in groups if not value or (group.by[0] or None) == held]
        title = _(_TABS[value]) if value not in ("won", "lost") else self._ending(value)
        return {
            "title": title,
            "count": figure(_count(mine)),
            "sum": self._sum(mine),
            "address": self.address(**{self.tab(): value}),
            "current": self.asked.get(self.tab(), "") == value,
        }

    def _ending(self, value: str) -> str:
        path = road(self.crm, "deal", self.asked.get("pipeline", ""))
        return path.ends()[value == "lost"] if path is not None else value

    def columns(self) -> list[str]:
        """Return the names of the fields that are shown: those that were chosen, else the usual ones."""
        naming = self.noun.entity.naming
        chosen = [name for name in self.asked.get("columns", "").split(",") if name in self.noun.fields]
        if chosen:
            return [naming, *(name for name in chosen if name != naming)]
        return self._usual_columns()

    def _usual_columns(self) -> list[str]:
        naming = self.noun.entity.naming
        apart = {naming, "owner", self.tab() if self.asked.get(self.tab()) else ""}
        listed = [name for name, field in self.noun.fields.items() if field.listed and name not in apart]
        owner = ["owner"] if "owner" in self.noun.fields else []
        changed = ["updated"] if len(listed) < _ROOMY else []
        return [naming, *listed, *owner, *changed]

    def _chooser(self) -> Context:
        shown, naming = self.columns(), self.noun.entity.naming
        fields = [(name, field.label) for name, field in self.noun.fields.items() if name != naming]
        return {
            "carried": self._carried("columns"),
            "columns": [{"name": name, "title": title, "chosen": name in shown} for name, title in fields],
            "plain": self.address(columns=""),
        }

    def type_of(self, name: str) -> str:
        """Return the type of the cells of a column."""
        return _type(self.noun.fields[name])

    def _column(self, name: str) -> Context:
        field, sort = self.noun.fields[name], self.sort()
        current = sort.removeprefix("-") == name
        down = current and sort.startswith("-")
        turned = name if down else f"-{name}" if current else name
        return {
            "name": name,
            "title": field.label,
            "type": _type(field),
            "minor": name not in _NARROW,
            "sort": self.address(sort=turned) if self.sortable(name) else "",
            "order": "none" if not current else "descending" if down else "ascending",
        }

    def _row(self, record: Record, names: list[str]) -> Context:
        address = self.url.card(self.noun.name, record.id)
        title = self.shown.called(record)
        first = link_cell(title, address)
        cells = [self.shown.cell(self.noun, name, record.doc) or text_cell("") for name in names[1:]]
        return {"id": record.id, "address": address, "title": title, "tone": "", "cells": [first, *cells]}

    def _every(self) -> str:
        """Return how all that fit are called where a page does not hold them."""
        return _("all {count} that fit").format(count=figure(self.count)) if self.count > len(self.found) else ""

    def may(self, action: str) -> bool:
        """Tell whether who asks may do this with such records."""
        return bool(self.crm.guard.may(action, self.noun.name, None))

    def _pages(self) -> Context:
        first, last = (self.page - 1) * PAGE + 1, min(self.page * PAGE, self.count)
        text = (
            _("{first}-{last} of {count}").format(first=first, last=last, count=figure(self.count))
            if self.count
            else ""
        )
        return {
            "text": text,
            "previous": self.address(page=self.page - 1) if self.page > 1 else "",
            "next": self.address(page=self.page + 1) if last < self.count else "",
        }

    def _downloads(self) -> list[Context]:
        json = {"title": "JSON", "address": _twin(self.address())}
        twins = [{"title": _("Duplicates"), "address": self.url.duplicates(noun=self.noun.name)}]
        twins = twins if self.noun.name in NOUNS and not self.trashed else []
        brought = list(filter(None, [self._brought()]))
        if not self.may("export"):
            return [*twins, *brought, json]
        trash = (
            []
            if self.trashed or not self.may("delete")
            else [{"title": _("Trash"), "address": self.address(trash="yes")}]
        )
        return [*trash, *self._tables(), *twins, *brought, json]

    def _brought(self) -> Context | None:
        """Return the way to bring a file of such records, None where none is taken."""
        if self.noun.name not in IMPORTED or not self.may("create"):
            return None
        return {"title": _("Import"), "address": self.url.import_(noun=self.noun.name)}

    def _tables(self) -> list[Context]:
        forms = ("xlsx", "csv")
        return [
            {"title": form.upper(), "address": self.url.table(self.noun.name, form, **self.asked)} for form in forms
        ]

    def _empty(self) -> Context:
        if self.conditions() or self.asked.get(self.tab()):
            return unfit(self.url.list(self.noun.name))
        return untrashed() if self.trashed else unbegun(self.noun, self._add(), self._brought())


_TABS = {"": N_("All"), "open": N_("At work"), "no": N_("To do"), "yes": N_("Done")}


def _count(groups: list[Group]) -> int:
    return sum(group.count for group in groups)


def _addable(crm: Any, noun: Noun) -> bool:
    """Tell whether a form can make a record of a noun: users are made by who may change settings, some by none."""
    if not noun.entity.by_hand:
        return False
    return noun.name != "user" or crm.guard.may("settings", "user", None)


def _type(field: Field[Any]) -> str:
    match field:
        case MoneyField():
            return "money"
        case Number() | Quantity():
            return "number"
        case Moment() | Day():
            return "time"
        case Flag():
            return "text"
    return "person" if field.name == "owner" else "text"


def _twin(address: str) -> str:
    path, mark, query = address.partition("?")
    return f"{path}.json{mark}{query}" if address else ""


def harmless(text: str) -> str:
    """Return a text that a spreadsheet shows and does not compute."""
    return "'" + text if text[:1] in ("=", "@", "\t", "\r") or (text[:1] in "+-" and not text[1:2].isdigit()) else text
