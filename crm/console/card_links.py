"""What a card is linked with: panels of people and companies, tables of goods and of papers."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from crm.console.cells import link_cell, phone_cell, text_cell
from crm.console.lists import Listing
from crm.console.record_view import RecordView
from crm.locale import _
from crm.model.field_lists import Refs
from crm.model.field_parts import Items
from crm.model.fields import Ref

if TYPE_CHECKING:
    from crm.console.visit import Context
    from crm.model.fields import Doc, Field
    from crm.model.record import Record
    from crm.sales.noun import Noun

MOST_LINKED = 20


class Links(RecordView):
    """The links of a record."""

    def panels(self) -> list[Context]:
        """Return the panels: of a deal its company and contacts, of a company its people."""
        if self.noun.name == "deal":
            return [self._link_panel("company", many=False), self._link_panel("contacts", many=True)]
        if self.noun.name == "company":
            people = self.crm.companies.contacts(self.record)  # type: ignore[arg-type]
            add = {
                "title": _("Add a contact"),
                "address": self.url.add("contact", companies=self.record.label, back=self.address),
            }
            return [self._panel(_("Contacts"), people, add if self.editable else None, "", _("Nobody yet."))]
        return []

    def _link_panel(self, name: str, *, many: bool) -> Context:
        field = self.noun.fields[name]
        refs = self.noun.links(self.doc, name)
        found: list[Record] = []
        for ref in refs:
            kind, number = ref.split("/")
            found += self.crm.collection(kind).many([int(number)]).values()
        free = self.editable and ((many and len(refs) < (getattr(field, "limit", None) or 99)) or not refs)
        add = {"title": _("Link"), "address": self.url.link(self.noun.name, self.record.id)} if free else None
        empty = _("Nobody yet. Up to five people.") if many else _("Not named yet.")
        return self._panel(field.label, found, add, name if self.editable else "", empty)

    def _panel(self, title: str, found: list[Any], add: Context | None, unlink: str, empty: str) -> Context:
        cards = [
            {
                "title": one.label,
                "address": self.url.record(one.ref),
                "lines": self._lines(one),
                "unlink": self._unlink(unlink, one) if unlink else None,
            }
            for one in found
        ]
        return {"title": title, "add": add, "cards": cards, "empty": empty}

    def _unlink(self, field: str, one: Record) -> Context:
        address = self.url.unlink(self.noun.name, self.record.id, field, one.ref)
        return {"address": address, "title": _("Take {name} out").format(name=one.label)}

    def _lines(self, one: Record) -> list[Context]:
        noun = self.crm.nouns[one.noun]
        about = [
            self.shown.text(noun.fields[name], one.doc.get(name))
            for name in ("position", "roles")
            if name in noun.fields
        ]
        ids = one.doc.get("tax_ids") or {}
        about += [
            f"{self.shown.part_title(noun.fields['tax_ids'], part)} {ids[part]}"
            for part in ("inn", "edrpou")
            if part in ids
        ]
        lines: list[Context] = [{"type": "muted", "text": " · ".join(filter(None, about))}] if any(about) else []
        lines += [phone_cell(number) for number in one.doc.get("phones", [])[:2]]
        return lines + [link_cell(address, f"mailto:{address}") for address in one.doc.get("emails", [])[:1]]

    # --- tables ------------------------------------------------------------------------------------------------------

    def tables(self) -> list[Context]:
        """Return the tables: goods, and the records of other nouns that name this one."""
        goods = [self._goods(name) for name, field in self.noun.fields.items() if isinstance(field, Items)]
        return [*goods, *filter(None, (self._linked(noun) for noun in self.crm.nouns.values()))]

    def _goods(self, name: str) -> Context:
        lines = self.doc.get(name) or []
        currency = (self.doc.get("amount") or self.doc.get("total") or {}).get("currency", self.crm.settings.currency)

        def money(text: str | None) -> str:
            return self.shown.money({"amount": text or "0", "currency": currency})

        less = any("discount" in line or "discount_sum" in line for line in lines)
        kinds = ("text", "number", "money", *(("number",) if less else ()), "text", "money")
        titles = (_("Goods"), _("Quantity"), _("Price"), *((_("Discount"),) if less else ()), _("VAT"), _("Sum"))
        edit = {"title": _("Change"), "address": self.url.edit(self.noun.name, self.record.id) + f"#field-{name}"}
        counted = [line for line in lines if not line.get("optional")]
        totals = [(_("Including VAT"), "vat_sum"), (_("Total"), "sum")] if lines else []
        return {
            "name": name,
            "title": self.noun.fields[name].label,
            "add": edit if self.editable else None,
            "columns": [{"title": title, "type": kind} for title, kind in zip(titles, kinds, strict=True)],
            "rows": [{"tone": "", "cells": self._goods_row(line, money, less=less)} for line in lines],
            "totals": [{"title": title, "text": money(str(_sum(counted, part)))} for title, part in totals],
            "empty": _("No goods."),
        }

    def _goods_row(self, line: Doc, money: Any, *, less: bool) -> list[Context]:
        unit = self.shown.dictionary("units").title(line["unit"]) if line.get("unit") else ""
        vat = line.get("vat", "none")
        name = (
            link_cell(line["name"], self.url.record(line["product"]))
            if "product" in line
            else text_cell(line.get("name", ""))
        )
        if line.get("optional"):
            name = {**name, "text": _("{goods} (at the client's choice)").format(goods=line["name"])}
        return [
            name,
            {"type": "number", "text": f"{line.get('qty', '')} {unit}".strip()},
            {"type": "money", "text": money(line.get("price"))},
            *([{"type": "number", "text": _discount(line, money)}] if less else []),
            text_cell(_("no VAT") if vat == "none" else f"{vat} %"),
            {"type": "money", "text": money(line.get("sum"))},
        ]

    def _linked(self, noun: Noun) -> Context | None:
        """Return the records of another noun that name this one in a field of theirs, the newest first."""
        fields = [name for name, field in noun.fields.items() if _links_to(field, self.noun.name)]
        shown_apart = noun.name == "activity" or (noun.name == "contact" and self.noun.name == "company")
        if not fields or shown_apart:
            return None
        found: dict[int, Record] = {}
        for name in fields:
            found |= {one.id: one for one in self.crm.collection(noun.name).holding(name, [self.record.ref])}
        if not found:
            return None
        newest = sorted(found.values(), key=lambda one: str(one.doc.get("updated")), reverse=True)
        return self._linked_table(noun, fields[0], newest)

    def _linked_table(self, noun: Noun, field: str, found: list[Record]) -> Context:
        listing = Listing(self.visit, noun)
        names = [name for name in listing.columns() if name not in (field, "updated", noun.entity.naming, "owner")][:4]
        self.shown.load_of(noun, [one.doc for one in found[:MOST_LINKED]], names)
        rows = []
        for one in found[:MOST_LINKED]:
            cells = [self.shown.cell(noun, name, one.doc) or text_cell("") for name in names]
            rows.append({"tone": "", "cells": [link_cell(one.label, self.url.record(one.ref)), *cells]})
        titles = [(noun.fields[name].label, listing.type_of(name)) for name in names]
        columns = [{"title": title, "type": kind} for title, kind in [(noun.entity.one(), "link"), *titles]]
        add = (
            {"title": _("All"), "address": self.url.list(noun.name, **{field: self.record.ref})}
            if len(found) > MOST_LINKED
            else None
        )
        return {
            "name": noun.plural, "title": noun.entity.many(), "add": add, "columns": columns, "rows": rows,
            "totals": [], "empty": "",
        }  # fmt: skip


def _links_to(field: Field[Any], kind: str) -> bool:
    return isinstance(field, Ref | Refs) and field.kind == kind


def _discount(line: Doc, money: Any) -> str:
    """Return the discount of a line: its own in percent, its share of one on the whole in money."""
    own = f"{line['discount']} %" if line.get("discount") else ""
    share = f"−{money(line['discount_sum'])}" if line.get("discount_sum") else ""
    return ", ".join(filter(None, (own, share)))


def _sum(lines: list[Doc], part: str) -> Decimal:
    return sum((Decimal(line.get(part) or 0) for line in lines), Decimal(0))
