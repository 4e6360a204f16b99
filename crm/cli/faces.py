"""How values look to a person at a terminal: titles, names, local times; scripts get them as they are stored."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from crm.errors import CrmError, InvalidValue
from crm.locale import _, language
from crm.model.field_dates import Day, Moment
from crm.model.field_lists import Choices, Phones, Refs
from crm.model.field_parts import Classifiers, Items, Parts
from crm.model.fields import Choice, Flag, MoneyField, Ref
from crm.model.money import Money, format_money
from crm.model.phone import format_phone

if TYPE_CHECKING:
    from crm.cli.app import App
    from crm.model.fields import Doc, Field
    from crm.model.record import Record
    from crm.workspace import Workspace

HIDDEN = ("phones_typed", "stage_log", "series", "series_number")
"""What only the program reads."""


def option_title(value: str) -> str:
    """Return the words of an entry that the program itself knows: won, partly_paid, no_answer."""
    words = value.replace("_", " ")
    known = _(value)
    return known if known != value else _(words[:1].upper() + words[1:])


def shown(app: App, record: Record, name: str) -> str:
    """Return a field of a record as a person reads it, empty for an absent one."""
    return Faces(app.crm).text(app.crm.nouns[record.noun].fields[name], record.doc.get(name), record.doc)


class Faces:
    """The values of one workspace as people read them; a linked record is looked up once."""

    def __init__(self, crm: Workspace) -> None:
        self.crm = crm
        self._names: dict[str, str] = {}

    def row(self, fields: dict[str, Field[Any]], doc: Doc) -> Doc:
        """Return a record's JSON with its values as people read them."""
        return {name: self.text(fields[name], doc[name], doc) if name in fields else doc[name] for name in doc}

    def text(self, field: Field[Any], stored: Any, doc: Doc) -> str:
        """Return a value as text."""
        if stored in (None, "", [], {}):
            return ""
        match field:
            case MoneyField():
                return format_money(Money.from_json(stored), language())
            case Moment() | Day():
                return self._time(field.value(stored))
            case Flag():
                return _("yes") if stored else _("no")
            case Choice():
                return self._choice(field, str(stored), doc)
            case Choices():
                return ", ".join(self.crm.customs.dictionary(field.dictionary).title(one) for one in stored)
            case Ref():
                return self._name(stored)
            case Refs():
                return ", ".join(map(self._name, stored))
            case Phones():
                return ", ".join(map(format_phone, stored))
            case Items():
                return ", ".join(f"{line.get('name', '')} × {line.get('qty', '')}" for line in stored)
            case Classifiers():
                return "; ".join(self._classifier(name, value) for name, value in stored.items())
            case Parts():
                return "; ".join(f"{_(field.titles.get(name, name))} {value}" for name, value in stored.items())
        return ", ".join(map(str, stored)) if isinstance(stored, list | tuple) else str(stored)

    def _time(self, when: object) -> str:
        if isinstance(when, datetime):
            return when.astimezone(self.crm.settings.time_zone).strftime("%Y-%m-%d %H:%M")
        return str(when)

    def _choice(self, field: Choice, stored: str, doc: Doc) -> str:
        if not field.dictionary:
            return option_title(stored)
        try:
            if field.dictionary == "stages" and doc.get("pipeline"):
                return self.crm.settings.pipeline(doc["pipeline"]).stage(stored).title.text()
            if field.dictionary == "lead_stages" and stored in ("converted", "rejected"):
                return str(getattr(self.crm.settings.leads, stored).text())
            return self.crm.customs.dictionary(field.dictionary).title(stored)
        except InvalidValue:
            return stored

    def _classifier(self, name: str, value: str) -> str:
        try:
            titles = self.crm.settings.dictionary("classifiers").title(name)
            return f"{titles}: {self.crm.customs.dictionary(f'classifiers.{name}').title(value)}"
        except CrmError:
            return f"{name}: {value}"

    def _name(self, ref: str) -> str:
        if ref not in self._names:
            try:
                record = self.crm.record(ref)
                self._names[ref] = f"{record.label} ({ref})" if record.label != ref else ref
            except CrmError:
                self._names[ref] = ref
        return self._names[ref]
