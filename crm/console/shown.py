"""How the values of records are shown: as cells of tables and cards, and as text in history and questions.

The shapes are those that `templates/parts.html` describes.
"""

from __future__ import annotations

from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import quote
from zlib import crc32

from crm.console.cells import has_letters, link_cell, phone_cell, text_cell
from crm.console.moments import Clock
from crm.errors import InvalidValue
from crm.locale import _, language
from crm.model.field_dates import Day, Moment
from crm.model.field_lists import Choices, Emails, ManyOf, Phones, Refs
from crm.model.field_parts import Classifiers, Items, Parts
from crm.model.fields import REF, Choice, Flag, MoneyField, Number, Quantity, Ref
from crm.model.money import Money, format_money
from crm.model.phone import format_phone
from crm.store.index import SCALE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime

    from crm.console.address import Url
    from crm.console.visit import Context
    from crm.model.dictionaries import Dictionary
    from crm.model.fields import Doc, Field
    from crm.model.record import Record
    from crm.sales.noun import Noun
    from crm.workspace import Workspace

HUES = 8
ICONS = {
    "activity": "task", "contact": "person", "company": "company", "quote": "quote", "invoice": "invoice",
    "payment": "payment", "product": "product", "document": "document", "letter": "letter", "mailing": "letter",
    "user": "settings", "deal": "deal", "lead": "lead", "call": "call", "segment": "filter", "template": "quote",
    "process": "rules", "run": "rules", "parcel": "letter",
}  # fmt: skip
_TONES = {
    "won": "good", "lost": "bad", "good": "good", "junk": "bad", "paid": "good", "accepted": "good", "success": "good",
    "failure": "bad", "no_answer": "warn", "declined": "bad", "expired": "warn", "cancelled": "bad",
    "partly_paid": "warn",
}  # fmt: skip


class Shown:
    """The values of one workspace as one person sees them; names of linked records are read once, in batches."""

    def __init__(self, crm: Workspace, url: Url) -> None:
        self.crm = crm
        self.url = url
        self.language = language()
        self.labels: dict[str, str] = {}
        self._people: dict[str, Context] = {}
        self._titles: dict[str, dict[str, str]] = {}
        self._dictionaries: dict[str, Dictionary] = {}

    @cached_property
    def clock(self) -> Clock:
        """Return how moments are said today."""
        return Clock(self.crm.settings.time_zone, self.crm.today())

    # --- people ------------------------------------------------------------------------------------------------------

    @cached_property
    def names(self) -> dict[str, str]:
        """Return the names of the people of the team by login."""
        return {user.login: user.name for user in self.crm.users.find()}

    @cached_property
    def active(self) -> dict[str, str]:
        """Return the names of those who work here now, by login."""
        return {user.login: user.name for user in self.crm.users.find(sort="name") if user.active}

    def person(self, login: str) -> Context | None:
        """Return a person by login, None for nobody."""
        if not login:
            return None
        if login not in self._people:
            name = self.names.get(login, login)
            initials = "".join(word[0] for word in name.split()[:2]).upper() or "?"
            self._people[login] = {"name": name, "initials": initials, "hue": crc32(login.encode()) % HUES}
        return self._people[login]

    def icon(self, noun: str) -> str:
        """Return the name of the icon of a noun."""
        return ICONS.get(noun, "file")

    # --- money -------------------------------------------------------------------------------------------------------

    def money(self, value: Doc | Money | None) -> str:
        """Return an amount as text, without cents when it has none; empty for none."""
        if value is None:
            return ""
        money = value if isinstance(value, Money) else Money.from_json(value)
        text = format_money(money, self.language)
        if money.amount == money.amount.to_integral_value():
            point = "." if self.language == "en" else ","
            text = text.replace(point + "00", "")
        return text

    def total(self, sums: Iterable[tuple[str | None, int]]) -> str:
        """Return sums of several currencies in the account's at today's rate; what has no rate is added behind."""
        own = self.crm.settings.currency
        whole, rest = Decimal(0), {}  # type: Decimal, dict[str, Decimal]
        for currency, minor in sums:
            amount = Decimal(minor).scaleb(-SCALE)
            if currency is None:
                continue
            try:
                whole += amount * self.crm.settings.rate(currency)
            except InvalidValue:
                rest[currency] = rest.get(currency, Decimal(0)) + amount
        parts = [Money(round(whole, 2), own)] if whole or not rest else []
        parts += [Money(amount, currency) for currency, amount in sorted(rest.items())]
        return " + ".join(self.money(part) for part in parts)

    # --- links -------------------------------------------------------------------------------------------------------

    def load(self, refs: Iterable[str]) -> None:
        """Read the names of records, one query a noun; those that may not be read keep their reference."""
        wanted: dict[str, list[int]] = {}
        for ref in refs:
            match = REF.fullmatch(ref)
            if match and ref not in self.labels and match[1] in self.crm.nouns:
                wanted.setdefault(match[1], []).append(int(match[2]))
        for kind, ids in wanted.items():
            records = self.crm.collection(kind).many(ids)
            self.labels |= {f"{kind}/{number}": "" for number in ids}
            self.labels |= {record.ref: self.called(record) for record in records.values()}

    def load_of(self, noun: Noun, docs: Iterable[Doc], names: Iterable[str]) -> None:
        """Read the names of what the fields `names` of records link to."""
        linking = [name for name in names if isinstance(noun.fields.get(name), Ref | Refs)]
        self.load(ref for doc in docs for name in linking for ref in noun.links(doc, name))

    @staticmethod
    def called(record: Record) -> str:
        """Return the name of a record; of one that has none yet, such as a draft, what it is and its number."""
        return f"{record.one()} № {record.id}" if record.label == record.ref else record.label

    def label(self, ref: str) -> str:
        """Return the name of a record, its reference where there is none to be read."""
        if ref not in self.labels:
            self.load([ref])
        return self.labels.get(ref) or ref

    def link(self, ref: str) -> Context:
        """Return a cell that leads to a record, plain when the reader may not see it."""
        label = self.label(ref)
        return link_cell(label, self.url.record(ref)) if self.labels.get(ref) else text_cell(label)

    def told(self, ref: str) -> str:
        """Return the name of a record where nothing tells what it is: a bare number says so itself, as «Счёт 3»."""
        label, noun = self.label(ref), self.crm.nouns.get(ref.partition("/")[0])
        return f"{noun.entity.one()} {label}" if noun and self.labels.get(ref) and not has_letters(label) else label

    def told_link(self, ref: str) -> Context:
        """Return a cell that leads to a record of any kind."""
        return {**self.link(ref), "text": self.told(ref)}

    # --- choices -----------------------------------------------------------------------------------------------------

    def dictionary(self, name: str) -> Dictionary:
        """Return a dictionary, read once."""
        if name not in self._dictionaries:
            self._dictionaries[name] = self.crm.customs.dictionary(name)
        return self._dictionaries[name]

    def choice(self, field: Choice | Choices, value: str) -> str:
        """Return the title of a chosen value."""
        if not field.dictionary:
            return option_title(value)
        titles = self._titles.get(field.dictionary)
        if titles is None:
            entries = self.dictionary(field.dictionary).entries
            titles = self._titles[field.dictionary] = {entry.id: entry.title.text() for entry in entries}
            if field.dictionary == "lead_stages":
                path = self.crm.settings.leads
                titles |= {"converted": path.converted.text(), "rejected": path.rejected.text()}
        return titles.get(value, value)

    def choice_cell(self, field: Choice, value: str, doc: Doc) -> Context:
        """Return a stage with its place, an outcome or a state as a tag, or a title."""
        if field.dictionary in ("stages", "lead_stages"):
            return self.stage_cell(value, doc)
        text = self.choice(field, value)
        if field.options:
            return {"type": "tags", "tags": [{"text": text, "tone": _TONES.get(value, "")}]}
        return text_cell(text)

    def stage_cell(self, value: str, doc: Doc) -> Context:
        """Return a stage with its place among the stages of its pipeline."""
        settings = self.crm.settings
        if "pipeline" in doc:
            ladder = next((one for one in settings.pipelines if one.id == doc["pipeline"]), settings.pipelines[0])
            stages = ladder.stages
        else:
            stages = settings.leads.stages
        step = next((place for place, stage in enumerate(stages, 1) if stage.id == value), len(stages))
        title = next((stage.title.text() for stage in stages if stage.id == value), self._ending(value))
        tone = {"won": "good", "converted": "good", "lost": "bad", "rejected": "bad"}.get(doc.get("outcome", value), "")
        return {"type": "stage", "text": title, "step": step, "of": len(stages), "tone": tone}

    def _ending(self, value: str) -> str:
        path = self.crm.settings.leads
        return {"converted": path.converted.text(), "rejected": path.rejected.text()}.get(value, value)

    # --- any value ---------------------------------------------------------------------------------------------------

    def cell(self, noun: Noun, name: str, doc: Doc) -> Context | None:
        """Return a field of a record as a cell, None for an empty one."""
        stored = doc.get(name)
        field = noun.fields[name]
        if stored in (None, "", [], {}):
            return None
        if name == "owner":
            return {"type": "person", "person": self.person(stored)}
        return self._cell(field, stored, doc)

    def _cell(self, field: Field[Any], stored: Any, doc: Doc) -> Context:
        match field:
            case MoneyField():
                return {"type": "money", "text": self.money(stored)}
            case Moment() | Day():
                when = field.value(stored) or self.clock.today
                return {"type": "time", "when": self.clock.moment(when), "tone": self._due_tone(field.name, when, doc)}
            case Number() | Quantity():
                return {"type": "number", "text": self.text(field, stored)}
            case Choice():
                return self.choice_cell(field, stored, doc)
            case Ref():
                return self.link(stored) if field.kind else self.told_link(stored)
            case Refs() | Phones() | Emails() | Parts():
                return {"type": "lines", "lines": self._lines(field, stored)}
        return text_cell(self.text(field, stored))

    def _lines(self, field: Field[Any], stored: Any) -> list[Context]:
        match field:
            case Refs():
                return [self.link(ref) for ref in stored]
            case Phones():
                return [phone_cell(number) for number in stored]
            case Emails():
                return [link_cell(address, "mailto:" + quote(address, safe="@+")) for address in stored]
        parts = [(self.part_title(field, name), self.part_text(field, name, value)) for name, value in stored.items()]
        return [text_cell(f"{title} {text}") for title, text in parts]

    def part_title(self, field: Field[Any], part: str) -> str:
        """Return what a part of a field is called."""
        if isinstance(field, Classifiers):
            entry = self.dictionary("classifiers").get(part)
            return f"{entry.title.text()}:" if entry else f"{part}:"
        titles: Mapping[str, str] = getattr(field, "titles", {})
        return _(titles[part]) if part in titles else part

    def part_text(self, field: Field[Any], part: str, value: str) -> str:
        """Return a part's value as people read it."""
        if isinstance(field, Classifiers):
            return self.dictionary(f"classifiers.{part}").title(value)
        return value

    def _due_tone(self, name: str, when: datetime | date, doc: Doc) -> str:
        if name not in ("due", "valid_until", "expected_close") or doc.get("done") or doc.get("outcome"):
            return ""
        if doc.get("status") in ("paid", "cancelled", "accepted", "declined", "draft"):
            return ""
        return "bad" if self.clock.day(when) < self.clock.today else ""

    def text(self, field: Field[Any], stored: Any) -> str:
        """Return a value as plain text; empty for an empty one."""
        if stored in (None, "", [], {}):
            return ""
        match field:
            case MoneyField():
                return self.money(stored)
            case Moment() | Day():
                return str(self.clock.moment(field.value(stored) or self.clock.today)["exact"])
            case Flag():
                return _("yes") if stored else _("no")
            case Choice():
                return self.choice(field, stored)
            case Choices():
                return ", ".join(self.choice(field, value) for value in stored)
            case Ref():
                return self.label(stored) if field.kind else self.told(stored)
            case Refs():
                return ", ".join(self.label(ref) for ref in stored)
            case Phones():
                return ", ".join(format_phone(number) for number in stored)
            case Items():
                return ", ".join(f"{line.get('name', '')} × {line.get('qty', '')}" for line in stored)
            case ManyOf():
                return ", ".join(map(str, stored))
            case Parts():
                return "; ".join(f"{self.part_title(field, part)} {value}" for part, value in stored.items())
        return self.names.get(stored, stored) if field.name == "owner" else str(stored)


def option_title(value: str) -> str:
    """Return the words of an entry that the program itself knows: won, partly_paid, no_answer."""
    words = value.replace("_", " ")
    titled = words[:1].upper() + words[1:]
    known = _(titled) if _(titled) != titled else _(value)
    return titled if known == value else known[:1].upper() + known[1:]
