"""The card of a record of any noun: its fields, its place on the road, what it is linked with, what is next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm.console.board import ICONS
from crm.console.controls import Controls, control, options
from crm.console.forms import noun_called
from crm.console.lists import Listing
from crm.console.roads import road_of
from crm.console.routes import page
from crm.console.shown import link_cell, phone_cell, text_cell
from crm.console.timeline import timeline
from crm.console.visit import View
from crm.locale import _
from crm.model.field_lists import Refs
from crm.model.field_parts import Items, Parts
from crm.model.fields import Choice, LongText, Moment, MoneyField, Ref

if TYPE_CHECKING:
    from crm.console.roads import Road
    from crm.console.visit import Context, Visit
    from crm.model.activity import Activity
    from crm.model.fields import Doc, Field
    from crm.model.record import Record
    from crm.sales.noun import Noun

MOST_LINKED = 20
_ALONE = ("activity", "user", "product", "payment")
_MOMENT = Moment()


@page("/<kind:re:[a-z_]+>/<id:int>")
def card(visit: Visit, kind: str, id: int) -> View:
    """Show the card of a record."""
    noun = noun_called(visit, kind)
    records = visit.crm.collection(kind)
    record = records.get(id)
    made = Card(visit, noun, record).context()
    section = f"{kind}s" if kind in ("deal", "lead") else noun.plural
    return View("card.html", record.label, section, {"card": made}, data={"record": records.export(record)})


class Card:
    """One card as one person sees it."""

    def __init__(self, visit: Visit, noun: Noun, record: Record) -> None:
        self.visit = visit
        self.crm = visit.crm
        self.shown = visit.shown
        self.url = visit.url
        self.noun = noun
        self.record = record
        self.doc: Doc = record.doc
        self.road: Road | None = road_of(visit.crm, noun.name, record.doc)
        self.controls = Controls(visit.shown, noun)
        self.address = visit.url.card(noun.name, record.id)
        self.editable = record.deleted is None and visit.crm.guard.may("edit", noun.name, record.doc)

    def context(self) -> Context:
        """Return what `card.html` shows."""
        self.shown.load_of(self.noun, [self.doc], self.noun.fields)
        return {
            "kind": self.noun.name,
            "id": self.record.id,
            "rev": self.record.rev,
            "title": self.record.label,
            "address": self.address,
            "above": self._above(),
            "number": f"№ {self.record.id}",
            "facts": self._facts(),
            "actions": self._actions(),
            "more": self._more(),
            "warnings": self._warnings(),
            "steps": self._steps(),
            "movable": self.editable,
            "closings": self._closings(),
            "closed": self._closed(),
            "groups": self._groups(),
            "links": self._links(),
            "tables": self._tables(),
            "activities": self._activities(),
            "comment": self.editable and isinstance(self.noun.fields.get("comment"), LongText),
            "timeline": timeline(self.visit, self.noun, self.record),
            "panels": [],
        }

    # --- the head ----------------------------------------------------------------------------------------------------

    def _above(self) -> list[Context]:
        above = [{"title": self.noun.entity.many(), "address": self.url.list(self.noun.name)}]
        if self.road is not None and self.noun.name == "deal":
            pipeline = self.road.ladder
            above.append({"title": pipeline.title.text(), "address": self.url.board("deal", pipeline.id)})
        return above

    def _facts(self) -> list[Context]:
        names = [name for name, field in self.noun.fields.items() if _is_fact(name, field, self.noun)]
        cells = [(self.noun.fields[name].label, self.shown.cell(self.noun, name, self.doc)) for name in names[:6]]
        return [{"title": title, "cell": cell} for title, cell in cells if cell is not None]

    def _actions(self) -> list[Context]:
        if self.record.deleted is not None:
            return [
                self._act(
                    _("Restore"), self.url.restore(self.noun.name, self.record.id), "undo", post=True, primary=True
                )
            ]
        if not self.editable:
            return []
        ref, back = self.record.ref, self.address
        match self.noun.name:
            case "lead" if self.road is not None and self.road.is_open(self.doc):
                return [self._act(_("Make a client"), self.url.convert(self.record.id), "check", primary=True)]
            case "company":
                deal = self.url.add("deal", company=self.record.label, back=back)
                person = self.url.add("contact", companies=self.record.label, back=back)
                return [self._act(_("New deal"), deal, "plus", primary=True), self._act(_("Contact"), person, "person")]
            case "contact":
                company = self.shown.label(self.doc["companies"][0]) if self.doc.get("companies") else ""
                deal = self.url.add("deal", contact=ref, company=company, back=back)
                return [self._act(_("New deal"), deal, "plus", primary=True)]
        return []

    def _more(self) -> list[Context]:
        more = []
        if self.editable:
            more.append(self._act(_("Change all fields"), self.url.edit(self.noun.name, self.record.id), "edit"))
        if self.record.deleted is None and self.crm.guard.may("delete", self.noun.name, self.doc):
            more.append(self._act(_("Delete"), self.url.delete(self.noun.name, self.record.id), "trash", post=True))
        more.append(self._act("JSON", f"{self.address}.json", "file"))
        return more

    def _act(self, title: str, address: str, icon: str, *, post: bool = False, primary: bool = False) -> Context:
        return {"title": title, "address": address, "icon": icon, "post": post, "primary": primary}

    def _warnings(self) -> list[Context]:
        warnings = []
        deleted = self.record.deleted
        if deleted is not None:
            day = self.shown.clock.moment(deleted)["text"]
            text = _("In the trash since {day}.").format(day=day)
            remedy = _("It is kept for {n} days.").format(n=self.crm.settings.account.trash_days)
            warnings.append({"tone": "bad", "text": text, "remedy": remedy})
        stage = self.doc.get("stage")
        if self.road is not None and self.road.is_open(self.doc) and stage and self.road.ladder.get(stage) is None:
            text = _("The stage «{stage}» is not in the settings any more.").format(stage=stage)
            warnings.append({"tone": "warn", "text": text, "remedy": _("Move it to another one.")})
        return warnings

    # --- the road ----------------------------------------------------------------------------------------------------

    def _steps(self) -> list[Context]:
        if self.road is None:
            return []
        stages = self.road.ladder.stages
        now = next((place for place, stage in enumerate(stages) if stage.id == self.doc.get("stage")), -1)
        came = {step["stage"]: step["since"] for step in self.doc.get("stage_log", [])}
        return [
            {
                "value": stage.id,
                "title": stage.title.text(),
                "state": "past" if place < now else "now" if place == now else "next",
                "since": self._since(came.get(stage.id), now=place == now) if place <= now else None,
            }
            for place, stage in enumerate(stages)
        ]

    def _since(self, time: str | None, *, now: bool) -> Context | None:
        time = time or (self.doc.get("stage_since") if now else None)
        if time is None:
            return None
        when = _MOMENT.value(time)
        if when is None:
            return None
        return self.shown.clock.age(when) if now else self.shown.clock.moment(self.shown.clock.day(when))

    def _closings(self) -> list[Context]:
        return [] if self.road is None else self.road.closings()

    def _closed(self) -> Context | None:
        ended = self.road.closed(self.doc) if self.road is not None else None
        if ended is None:
            return None
        when = _MOMENT.value(ended.pop("since") or self.doc["updated"])
        reopen = self.editable and (self.noun.name == "deal" or self.doc.get("stage") == "rejected")
        return {**ended, "when": self.shown.clock.moment(when or self.shown.clock.today), "reopen": reopen}

    # --- fields and links --------------------------------------------------------------------------------------------

    def _groups(self) -> list[Context]:
        grouped: dict[str, list[Context]] = {}
        for name, field in self.noun.fields.items():
            if (
                isinstance(field, Items)
                or name in _LEFT_OUT
                or (name in ("company", "contacts") and self._has_panel(name))
            ):
                continue
            if isinstance(field, Parts):
                parts = self.controls.parts(field) or list(self.doc.get(name) or {})
                grouped[field.label] = [self._part_row(name, field, part) for part in parts]
            else:
                title = _("Own fields") if name in self.noun.custom else ""
                row = self._row(name, field)
                if row is not None:
                    grouped.setdefault(title, []).append(row)
        return [{"title": title, "rows": rows} for title, rows in grouped.items() if rows]

    def _has_panel(self, name: str) -> bool:
        return self.noun.name == "deal"

    def _row(self, name: str, field: Field[Any]) -> Context | None:
        cell = self.shown.cell(self.noun, name, self.doc)
        hidden = field.fixed and cell is None
        if hidden:
            return None
        edit = (
            None
            if field.fixed or not self.editable or name in ("created", "updated")
            else self.controls.make(name, self.doc)
        )
        return {"title": field.label, "cell": cell, "edit": edit}

    def _part_row(self, name: str, field: Parts, part: str) -> Context:
        value = (self.doc.get(name) or {}).get(part)
        cell = text_cell(self.shown.part_text(field, part, value)) if value else None
        edit = self.controls.make(f"{name}.{part}", self.doc) if self.editable and not field.fixed else None
        return {"title": self.shown.part_title(field, part).rstrip(":"), "cell": cell, "edit": edit}

    def _links(self) -> list[Context]:
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

    def _tables(self) -> list[Context]:
        goods = [self._goods(name) for name, field in self.noun.fields.items() if isinstance(field, Items)]
        return [*goods, *filter(None, (self._linked(noun) for noun in self.crm.nouns.values()))]

    def _goods(self, name: str) -> Context:
        lines = self.doc.get(name) or []
        currency = (self.doc.get("amount") or self.doc.get("total") or {}).get("currency", self.crm.settings.currency)

        def money(text: str | None) -> str:
            return self.shown.money({"amount": text or "0", "currency": currency})

        kinds = ("text", "number", "money", "text", "money")
        titles = (_("Goods"), _("Quantity"), _("Price"), _("VAT"), _("Sum"))
        edit = {"title": _("Change"), "address": self.url.edit(self.noun.name, self.record.id) + f"#field-{name}"}
        totals = [(_("Including VAT"), "vat_sum"), (_("Total"), "sum")] if lines else []
        return {
            "name": name,
            "title": self.noun.fields[name].label,
            "add": edit if self.editable else None,
            "columns": [{"title": title, "type": kind} for title, kind in zip(titles, kinds, strict=True)],
            "rows": [{"tone": "", "cells": self._goods_row(line, money)} for line in lines],
            "totals": [{"title": title, "text": money(str(_sum(lines, part)))} for title, part in totals],
            "empty": _("No goods."),
        }

    def _goods_row(self, line: Doc, money: Any) -> list[Context]:
        unit = self.shown.dictionary("units").title(line["unit"]) if line.get("unit") else ""
        vat = line.get("vat", "none")
        name = (
            link_cell(line["name"], self.url.record(line["product"]))
            if "product" in line
            else text_cell(line.get("name", ""))
        )
        return [
            name,
            {"type": "number", "text": f"{line.get('qty', '')} {unit}".strip()},
            {"type": "money", "text": money(line.get("price"))},
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

    # --- activities --------------------------------------------------------------------------------------------------

    def _activities(self) -> Context | None:
        if self.noun.name in _ALONE:
            return self._own_activity() if self.noun.name == "activity" and not self.doc.get("done") else None
        found = self.crm.activities.having("about", self.record.ref)
        waiting = sorted((one for one in found if not one.done), key=lambda one: str(one.doc.get("due") or "9"))
        return {
            "open": [self._activity(one) for one in waiting],
            "add": self._plan() if self.editable else None,
            "empty": _("Nothing is planned: without a next step it comes to a stop."),
        }

    def _own_activity(self) -> Context:
        return {"open": [self._activity(self.record)], "add": None, "empty": ""}  # type: ignore[arg-type]

    def _activity(self, one: Activity) -> Context:
        due = one.due
        overdue = due is not None and self.shown.clock.day(due) < self.shown.clock.today
        field = self.crm.nouns["activity"].fields["outcome"]
        results = Controls(self.shown, self.crm.nouns["activity"]).choices(field) if isinstance(field, Choice) else []
        return {
            "id": one.id,
            "rev": one.rev,
            "icon": ICONS.get(one.kind, "task"),
            "what": self.shown.dictionary("activity_kinds").title(one.kind),
            "subject": one.subject,
            "address": self.url.card("activity", one.id),
            "due": self.shown.clock.moment(due) if due is not None else None,
            "tone": "bad" if overdue else "",
            "owner": self.shown.person(one.owner),
            "results": options(results, (), "—"),
        }

    def _plan(self) -> Context:
        kinds = [(entry.id, entry.title.text()) for entry in self.shown.dictionary("activity_kinds").entries]
        fields = [
            control("subject", _("What to do"), required=True, wide=True),
            control("kind", _("Kind"), "select", options=options(kinds, ["task"])),
            control("due", _("When"), "time"),
        ]
        return {"title": _("Plan"), "address": self.url.add("activity"), "fields": fields}


_LEFT_OUT = ("stage", "pipeline", "stage_since", "outcome", "closed", "done", "series", "series_number", "lost_reason")


def _is_fact(name: str, field: Field[Any], noun: Noun) -> bool:
    if name == noun.entity.naming:
        return False
    named = name in ("owner", "company", "expected_close", "probability", "about", "due", "position", "role")
    return named or (isinstance(field, MoneyField) and field.listed) or (name == "status" and isinstance(field, Choice))


def _links_to(field: Field[Any], kind: str) -> bool:
    return isinstance(field, Ref | Refs) and field.kind == kind


def _sum(lines: list[Doc], part: str) -> Any:
    from decimal import Decimal

    return sum((Decimal(line.get(part) or 0) for line in lines), Decimal(0))
