"""From the cells of a row to the fields of a record: values of the map, dates, links found by name or added."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any

from crm.errors import InvalidValue, NotFound
from crm.locale import _
from crm.model.field_dates import Day, Moment
from crm.model.field_lists import ManyOf, Refs
from crm.model.field_parts import Items, Parts
from crm.model.fields import REF, Choice, Field, Flag, MoneyField, Number, Ref
from crm.sales.import_map import CURRENCY, OWN, Target
from crm.sales.noun import fold
from crm.store.draft import Draft

if TYPE_CHECKING:
    from crm.model.fields import Customs, Doc
    from crm.sales.desk import Desk
    from crm.sales.import_map import Plan
    from crm.sales.import_rows import Row
    from crm.sales.noun import Noun
_REMEMBERED = 50_000
_REPEATED = (Choice, Day, Moment, Flag, Number)
"""Fields whose values repeat from row to row, so that each is read once."""

_EMPTY: tuple[Any, ...] = ("", None, [], {})
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "'")
Step = Callable[[Any, Draft], dict[str, Any]]
"""Reads one value of a column into the fields that it fills."""


def unguarded(cell: str) -> str:
    """Return a cell without the apostrophe that keeps a spreadsheet from running it (see `exporting.guarded`)."""
    return cell[1:] if cell[0] == "'" and cell[1:2] in _FORMULA and len(cell) > 1 else cell


def _trimmed(cell: str) -> str:
    text = cell.strip()
    return unguarded(text) if text[:1] == "'" else text


class Reader:
    """Reads the rows of one file by a plan."""

    def __init__(self, crm: Desk, noun: Noun, plan: Plan, headers: list[str], links: Links) -> None:
        self.crm = crm
        self.noun = noun
        self.links = links
        self.width = len(headers)
        targets = [(place, target) for place, header in enumerate(headers) for target in plan.columns.get(header, ())]
        currencies = {
            target.field.removesuffix(CURRENCY): place for place, target in targets if target.field.endswith(CURRENCY)
        }
        self._steps = [
            (place, target.default, currencies.get(target.field, -1), self._step(target))
            for place, target in targets
            if not target.field.endswith(CURRENCY)
        ]
        self._constants = [(value, self._step(Target(name))) for name, value in plan.constants.items()]

    def read(self, row: Row, draft: Draft) -> Doc:
        """Return the fields of a row, without those that its cells leave empty; raise InvalidValue, NotFound."""
        cells = row.cells
        count = len(cells)
        if row.wrong or (count > self.width and any(cells[self.width :])):
            raise InvalidValue(
                row.wrong or _("There are {n} cells in {width} columns.").format(n=count, width=self.width)
            )
        doc: Doc = {}
        for value, step in self._constants:
            _take(doc, step(value, draft))
        for place, default, currency, step in self._steps:
            raw = cells[place] if place < count else None
            raw = _trimmed(raw) if type(raw) is str else raw
            if raw in _EMPTY:
                if not default:
                    continue
                raw = default
            if currency >= 0:
                raw = _with_currency(raw, cells[currency] if currency < count else "")
            _take(doc, step(raw, draft))
        return doc

    # --- how one column is read --------------------------------------------------------------------------------------

    def _step(self, target: Target) -> Step:
        read = self._reading(target)
        if target.values:
            read = _translated(target, read)
        return read

    def _reading(self, target: Target) -> Step:
        name = target.field
        if name in OWN:
            return lambda raw, _draft: {f"*{name}": raw}
        if name == "stage_log" or (name.endswith("_typed") and name not in self.noun.fields):
            return lambda raw, _draft: {name: raw} if isinstance(raw, list | dict) else {}
        field, part = self.noun.field(name)
        if part and isinstance(field, Parts):
            return lambda raw, _draft: field.read_part(None, part, raw, self.crm.customs)
        if name == "owner":
            return self.links.owner
        if isinstance(field, Ref | Refs):
            return self._linking(field, target)
        if isinstance(field, Items):
            return lambda raw, _draft: {name: _lines(raw)}
        return self._plain(field, target)

    def _linking(self, field: Ref | Refs, target: Target) -> Step:
        def read(raw: Any, draft: Draft) -> Doc:
            if isinstance(field, Ref):
                return {field.name: self.links.find(field.kind, raw, target, draft)}
            parts = raw if isinstance(raw, list) else _split(str(raw), target.separator or field.separators)
            refs = [self.links.find(field.kind, part, target, draft) for part in parts]
            return {field.name: field.limited(list(dict.fromkeys(refs)))}

        return read

    def _plain(self, field: Field[Any], target: Target) -> Step:
        customs = self.crm.customs
        historic = isinstance(field, Moment) and (field.fixed or field.name == "closed")
        if not (historic or target.date_format or target.separator or isinstance(field, _REPEATED)):
            return _simple(field, customs)

        def read(raw: Any, _draft: Draft) -> Doc:
            if target.date_format and isinstance(raw, str):
                raw = _dated(field, raw, target.date_format)
            if target.separator and isinstance(field, ManyOf) and isinstance(raw, str):
                raw = _split(raw, target.separator)
            doc = field.read(raw, customs)
            if historic and len(doc[field.name]) == 10:
                doc = {field.name: self._midnight(doc[field.name])}
            return doc

        return _remembering(read) if isinstance(field, _REPEATED) else read

    def _midnight(self, day: str) -> str:
        begun = datetime.combine(date.fromisoformat(day), time(), self.crm.customs.time_zone)
        return begun.astimezone(UTC).isoformat(timespec="seconds")


def _simple(field: Field[Any], customs: Customs) -> Step:
    name, parse, read = field.name, field.parse, field.read
    if type(field).read is Field.read:
        return lambda raw, _draft: {name: parse(raw, customs)}
    return lambda raw, _draft: read(raw, customs)


def _with_currency(raw: Any, currency: Any) -> Any:
    bare = isinstance(raw, str) and not any(sign.isalpha() for sign in raw)
    return f"{raw} {str(currency).strip()}" if bare and currency else raw


def _take(doc: Doc, fields: Doc) -> None:
    """Take fields into a document; two columns of one list or of one field with parts come together."""
    for name, value in fields.items():
        if value is not None:
            doc[name] = _joined(doc[name], value) if name in doc else value


def _joined(before: Any, value: Any) -> Any:
    if isinstance(before, list) and isinstance(value, list):
        return [*before, *(one for one in value if one not in before)]
    return {**before, **value} if isinstance(before, dict) and isinstance(value, dict) else value


def _translated(target: Target, read: Step) -> Step:
    values = {fold(key): value for key, value in target.values.items()}

    def translated(raw: Any, draft: Draft) -> Doc:
        text = values.get(fold(str(raw)), raw)
        return read(text, draft) if text != "" else {}

    return translated


def _remembering(read: Step) -> Step:
    known: dict[Any, Doc] = {}

    def remembering(raw: Any, draft: Draft) -> Doc:
        if not isinstance(raw, str):
            return read(raw, draft)
        found = known.get(raw)
        if found is None:
            found = read(raw, draft)
            if len(known) < _REMEMBERED:
                known[raw] = found
        return found

    return remembering


def _dated(field: Field[Any], raw: str, pattern: str) -> str:
    try:
        moment = datetime.strptime(raw, pattern)
    except ValueError:
        raise field.wrong(raw, _("a date such as {pattern} is needed").format(pattern=pattern)) from None
    return moment.date().isoformat() if moment.time() == time() else moment.isoformat(" ", "seconds")


def _split(text: str, separators: str) -> list[str]:
    parts = [text]
    for separator in separators:
        parts = [piece for part in parts for piece in part.split(separator)]
    return [part.strip() for part in parts if part.strip()]


def _lines(raw: Any) -> Any:
    return _split(raw, "\n;") if isinstance(raw, str) else raw


class Links:
    """The records that rows link to, found by name or by another field, and added where a map says so."""

    def __init__(self, crm: Desk) -> None:
        self.crm = crm
        self.added: list[tuple[str, ...]] = []
        self._known: dict[tuple[str, ...], str] = {}

    def owner(self, raw: Any, _draft: Draft) -> Doc:
        """Return the owner that a login or a name means."""
        key = ("owner", "", str(raw))
        if key not in self._known:
            self._keep(key, self.crm.person(str(raw)))
        return {"owner": self._known[key]}

    def find(self, kind: str, raw: Any, target: Target, draft: Draft) -> str:
        """Return the reference that a cell means; raise NotFound, or InvalidValue when several records would do."""
        text = str(raw).strip()
        key = (kind, target.find, fold(text))
        if key in self._known:
            return self._known[key]
        if not kind or REF.fullmatch(text):
            found = self.crm.customs.find_ref(*_halves(text))
        else:
            found = self._named(kind, text, target, draft, key)
        return self._keep(key, found)

    def forget_added(self, since: int = 0) -> None:
        """Forget the records that were added (from the one of that place on) for rows that came to nothing."""
        for key in self.added[since:]:
            self._known.pop(key, None)
        del self.added[since:]

    def _keep(self, key: tuple[str, ...], found: str) -> str:
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
        self._known[key] = found
        return found

    def _named(self, kind: str, text: str, target: Target, draft: Draft, key: tuple[str, ...]) -> str:
        records = self.crm.collection(kind)
        field, value = self._key(records.noun, text, target)
        found = records.having(field, value)
        if len(found) > 1:
            raise InvalidValue(
                _("Several {noun} records fit «{name}»: {refs}.").format(
                    noun=kind, name=text, refs=", ".join(one.ref for one in found[:5])
                ),
                _("Give the number of the right one."),
            )
        if found:
            return str(found[0].ref)
        if not target.create:
            raise NotFound(
                _("There is no {noun} called «{name}».").format(noun=kind, name=text),
                _("Add it first, or write «create: true» in the map."),
            )
        self.added.append(key)
        filled = target.find if target.find in records.noun.fields else ""
        names = {name: text for name in (records.noun.entity.naming, filled) if name}
        return str(records.add_historic(draft, records.noun.read(names, self.crm.customs)).ref)

    def _key(self, noun: Noun, text: str, target: Target) -> tuple[str, str]:
        if target.find in ("", noun.entity.naming):
            return "=", fold(text)
        field, part = noun.field(target.find)
        if not field.key:
            raise InvalidValue(
                _("A {noun} is not found by «{field}».").format(noun=noun.name, field=target.find),
                _("Find it by: {names}.").format(
                    names=", ".join([noun.entity.naming, *(name for name, one in noun.fields.items() if one.key)])
                ),
            )
        read = field.read_part(None, part, text, self.crm.customs) if part and isinstance(field, Parts) else None
        stored = (read or field.read(text, self.crm.customs))[field.name]
        return field.name, next(iter(field.keys(stored)))


def _halves(text: str) -> tuple[str, str]:
    kind, _slash, number = text.partition("/")
    return kind, number


__all__ = ["Links", "MoneyField", "Reader", "unguarded"]
