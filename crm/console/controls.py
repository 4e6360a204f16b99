"""The controls of forms and filters, made from the fields of a noun; and what was typed into them, read back."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Any

from crm.console import goods_lines
from crm.locale import _
from crm.model.field_dates import Day, Moment
from crm.model.field_lists import Choices, Emails, ManyOf, Phones, Refs
from crm.model.field_parts import Classifiers, Extras, Items, Parts
from crm.model.fields import Choice, Flag, LongText, MoneyField, Number, Quantity, Ref
from crm.model.phone import format_phone

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from crm.console.shown import Shown
    from crm.console.visit import Context, Words
    from crm.model.fields import Doc, Field
    from crm.sales.noun import Noun

Typed = str | list[str]
"""What a control holds: text, or the marked values of a list of boxes."""


def control(name: str, title: str, type_: str = "text", value: Any = "", **rest: Any) -> Context:
    """Return a control as `parts.html` describes it."""
    plain: Context = {"options": [], "required": False, "wide": False, "hint": "", "error": "", "suggest": ""}
    return {"name": name, "title": title, "type": type_, "value": value, **plain, "conflict": None, **rest}


def options(pairs: Iterable[tuple[str, str]], chosen: Iterable[str] = (), empty: str | None = None) -> list[Context]:
    """Return choices; `empty` is the title of none of them, a chosen value that is none of them is kept."""
    marked = list(chosen)
    every = [*([] if empty is None else [("", empty)]), *pairs]
    every += [(value, value) for value in marked if value not in {one for one, _title in every}]
    return [{"value": value, "title": title, "selected": value in marked} for value, title in every]


class Controls:
    """The controls of one noun's fields, with the words that a record has in them."""

    def __init__(self, shown: Shown, noun: Noun) -> None:
        self.shown = shown
        self.noun = noun

    def names(self, *, new: bool = False) -> Iterator[str]:
        """Yield the names of the controls: of the fields that people write, and of their parts.

        A `new` record also has what may be given when it is added alone, such as the number of a paper.
        """
        for name, field in in_order(self.noun):
            born = new and name in self.noun.entity.born_with
            if (field.fixed and not born) or name in ("created", "updated"):
                continue
            if isinstance(field, Parts) and not is_free(field):
                yield from (f"{name}.{part}" for part in self.parts(field))
            else:
                yield name

    def parts(self, field: Parts) -> list[str]:
        """Return the parts that a field may have."""
        if isinstance(field, Classifiers):
            return [entry.id for entry in self.shown.dictionary("classifiers").entries]
        return list(field.parts)

    def make(self, name: str, doc: Doc, typed: Typed | None = None) -> Context:
        """Return the control called `name`, holding what was typed, else what the record has."""
        held = self.typed(name, doc) if typed is None else typed
        field, part = self.noun.field(name)
        if part:
            return self._part(field, name, part, held)
        made = control(name, field.label, *self._look(field, held), required=field.required)
        return {**made, **self._more(field, held)}

    def _look(self, field: Field[Any], held: Typed) -> tuple[str, Any]:
        match field:
            case Items():
                return "items", held
            case LongText():
                return "multiline", held
            case MoneyField() | Number() | Quantity():
                return "decimal", held
            case Day():
                return "date", held
            case Moment():
                return ("time" if not held or "T" in held else "text"), held
            case Flag():
                return "check", bool(held)
            case Choices():
                return "check-list", ""
            case Phones():
                return "phone", held
            case Emails():
                return "email", held
            case Choice():
                return "select", held
        return ("select" if field.name == "owner" and self.shown.active else "text"), held

    def _more(self, field: Field[Any], held: Typed) -> Context:
        marked = held if isinstance(held, list) else [held]
        match field:
            case Choice() | Choices():
                empty = "—" if isinstance(field, Choice) else None
                chosen = [one for one in marked if one]
                return {"options": options(self.choices(field), chosen, empty), "wide": isinstance(field, Choices)}
            case Ref() | Refs():
                return {"suggest": self.shown.url.suggest(field.kind) if field.kind else "", "hint": self._hint(field)}
            case Items():
                return {"wide": True, "goods": goods_lines.context(self.shown, str(held))}
            case LongText():
                return {"wide": True, "hint": ""}
        if field.name == "owner" and self.shown.active:
            return {"options": options(self.shown.active.items(), [one for one in marked if one])}
        return {"hint": self._hint(field)}

    def _hint(self, field: Field[Any]) -> str:
        if isinstance(field, Ref) and not field.kind:
            return _("A link such as deal/12.")
        if isinstance(field, Extras):
            return _("Name=value, several with semicolons; name:date=2026-12-01 says what kind it is.")
        if isinstance(field, Parts):
            return _("Name=value, several with semicolons.")
        if isinstance(field, Phones | Emails | Refs):
            return _("Several are separated by commas.")
        if isinstance(field, ManyOf):
            return _("Several are separated by semicolons.")
        return ""

    def choices(self, field: Choice | Choices) -> list[tuple[str, str]]:
        """Return the values that may be chosen, with their titles."""
        if not field.dictionary and isinstance(field, Choice):
            return [(value, self.shown.choice(field, value)) for value in field.options]
        return [(entry.id, entry.title.text()) for entry in self.shown.dictionary(field.dictionary).entries]

    def _part(self, field: Field[Any], name: str, part: str, held: Typed) -> Context:
        title = self.shown.part_title(field, part).rstrip(":")
        if not isinstance(field, Classifiers):
            return control(name, title, "text", held)
        values = [(entry.id, entry.title.text()) for entry in self.shown.dictionary(f"classifiers.{part}").entries]
        return control(name, title, "select", held, options=options(values, [str(held)] if held else [], "—"))

    # --- what a control holds ----------------------------------------------------------------------------------------

    def typed(self, name: str, doc: Doc) -> Typed:
        """Return what the control called `name` holds for a record."""
        field, part = self.noun.field(name)
        stored = doc.get(field.name)
        if part:
            return str((stored or {}).get(part, ""))
        if isinstance(field, Flag):
            return "yes" if field.value(stored) else ""
        if isinstance(field, Choices):
            return list(stored or [])
        return "" if stored in (None, "", []) else self._words(field, stored)

    def _words(self, field: Field[Any], stored: Any) -> str:
        match field:
            case MoneyField():
                amount, currency = str(stored["amount"]).removesuffix(".00"), stored["currency"]
                return amount if currency == self.shown.crm.settings.currency else f"{amount} {currency}"
            case Moment():
                return self._moment(field.value(stored))
            case Ref():
                return self.shown.label(stored) if field.kind else str(stored)
            case Refs():
                return ", ".join(self.shown.label(ref) for ref in stored)
            case Phones():
                return ", ".join(format_phone(number) for number in stored)
            case Emails():
                return ", ".join(stored)
            case Items():
                return goods_lines.packed(goods_lines.rows_of(stored))
            case ManyOf():
                return "; ".join(stored)
            case Parts():
                return "; ".join(f"{key}{_part_text(value)}" for key, value in stored.items())
        return str(stored)

    def _moment(self, when: Any) -> str:
        here = self.shown.clock.local(when)
        return f"{here:%Y-%m-%dT%H:%M}" if isinstance(here, datetime) else str(here)

    def given(self, form: Words, name: str) -> Typed:
        """Return what a form says in the control called `name`."""
        field, _part = self.noun.field(name)
        if isinstance(field, Choices):
            return form.all(name)
        if isinstance(field, Items) and f"{name}.name" in form:
            return goods_lines.given(form, name)
        return form.get(name).replace("\r\n", "\n").strip()

    def value(self, name: str, typed: Typed, doc: Doc) -> Any:
        """Return what to give the verbs for what was typed; names that were not retyped stay the links they are."""
        field, part = self.noun.field(name)
        if part or typed == "" or isinstance(typed, list):
            return typed
        if isinstance(field, Flag):
            return "yes" if typed else "no"
        if isinstance(field, Items):
            return goods_lines.lines(typed, doc.get(field.name) or [])
        if isinstance(field, Refs):
            known_refs = {self.shown.label(ref): ref for ref in doc.get(field.name) or []}
            return [known_refs.get(word.strip(), word.strip()) for word in typed.split(",") if word.strip()]
        if isinstance(field, MoneyField) and field.name in doc and _is_bare(typed):
            return f"{typed} {doc[field.name]['currency']}"
        return typed


def is_free(field: Field[Any]) -> bool:
    """Tell whether a field has parts of any names, which are written together: `name=value; name=value`."""
    return isinstance(field, Parts) and field.open and not field.parts and not isinstance(field, Classifiers)


def _part_text(value: Any) -> str:
    """Return a value behind its name, with its kind where that is not plain text."""
    match value:
        case dict():
            return f":money={value['amount']} {value['currency']}"
        case bool():
            return ":bool=yes" if value else ":bool=no"
        case int():
            return f":number={value}"
    return f"={value}"


def _is_bare(amount: str) -> bool:
    """Tell whether an amount was typed without a currency: then it stays in the one that the record has."""
    return not re.search(r"[^\d\s.,_+-]", amount)


def in_order(noun: Noun) -> list[tuple[str, Field[Any]]]:
    """Return the fields as people read them: the name, the others, those with parts, who answers, and the times."""
    last = {"owner": 2, "created": 3, "updated": 3}

    def place(pair: tuple[str, Field[Any]]) -> int:
        name, field = pair
        return 0 if name == noun.entity.naming else last.get(name, 1 if not isinstance(field, Parts) else 4)

    return sorted(noun.fields.items(), key=place)
