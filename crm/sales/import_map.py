"""What the columns of a file mean: a map written in YAML, or guessed from the headers in any language.

How the file is read is in `import_rows.py`, how a value becomes a field's in `import_values.py`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from dataclasses import field as of
from typing import TYPE_CHECKING, Any

from crm.errors import InvalidValue, NotFound, WrongUsage
from crm.locale import N_, _, in_every_language
from crm.model.field_parts import Parts
from crm.model.fields import MoneyField

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from crm.sales.desk import Desk
    from crm.sales.noun import Noun

MODES = ("create", "update", "upsert")
OWN = ("id", "ref", "rev", "updated")
"""What only the program gives a record; an import may find a record by the first two."""

CURRENCY = "_currency"
"""A column called `amount_currency` names the currency of the money in `amount`."""

CURRENCY_TITLE = N_("currency")
"""What stands after the title of money over a column of its currency: «Сумма, валюта»."""

_SYNONYMS = {
    "phones": ("phone", "phone number", "mobile", "mobile phone", "tel", "телефон", "мобильный", "мобільний", "тел"),
    "emails": ("email", "e mail", "mail", "email address", "почта", "эл почта", "электронная почта", "пошта"),
    "companies": ("company", "organization", "компания", "организация", "компанія", "організація"),
    "company": ("organization", "account", "client", "клиент", "клієнт", "организация", "організація"),
    "contacts": ("contact", "контакт"),
    "owner": ("responsible", "manager", "ответственный", "менеджер", "відповідальний"),
    "amount": ("sum", "budget", "value", "бюджет", "сума", "сумма"),
    "comment": ("note", "notes", "description", "примечание", "примечания", "комментарии", "примітка"),
    "title": ("name", "deal", "deal name", "название", "сделка", "назва", "угода"),
    "name": (
        "full name", "title", "first name", "lead", "фио", "піб", "имя", "ім'я", "имя клиента", "лид", "лід", "заявка",
        "название", "наименование", "назва", "найменування",
    ),
    "company_name": ("company", "organization", "компания", "организация", "компанія", "організація"),
    "contact_name": ("contact", "контакт"),
    "addresses": ("address", "адрес", "адреса"),
    "position": ("job title", "должность", "посада"),
    "source": ("источник", "канал", "джерело"),
    "price": ("sales price", "цена", "ціна"),
}  # fmt: skip


@dataclass(frozen=True)
class Target:
    """Where the values of one column go, and how they change on the way.

    `values` maps a text to another, `default` stands for an empty cell, `date_format` is of strptime; `find` names
    the field by which a linked record is found, `create` adds one that is missing; `separator` splits lists.
    """

    field: str
    values: Mapping[str, str] = of(default_factory=dict)
    default: str = ""
    date_format: str = ""
    find: str = ""
    create: bool = False
    separator: str = ""


@dataclass(frozen=True)
class Plan:
    """What an import does: into which noun, from which columns, and how records that are there already are found."""

    into: str = ""
    match: tuple[str, ...] = ()
    mode: str = ""
    columns: Mapping[str, tuple[Target, ...]] = of(default_factory=dict)
    constants: Mapping[str, str] = of(default_factory=dict)
    encoding: str = ""
    delimiter: str = ""

    @property
    def way(self) -> str:
        """Return the mode; without one, rows that match nothing are added and the others are brought up to date."""
        return self.mode or ("upsert" if self.match else "create")


def header_key(header: str) -> str:
    """Return a header as it is compared: without case, quotes, marks and double spaces."""
    return " ".join(re.sub(r"[\s_\-./«»\"'№#:*\ufeff]+", " ", header.casefold().replace("ё", "е")).split())


# --- a map in YAML ---------------------------------------------------------------------------------------------------

_KEYS = ("into", "match", "mode", "columns", "constants", "encoding", "delimiter")
_TARGET_KEYS = {
    "field": "field", "values": "values", "default": "default", "date format": "date_format", "find": "find",
    "create": "create", "separator": "separator",
}  # fmt: skip


def read_map(path: Path) -> Plan:
    """Read a map; raise NotFound, or InvalidValue naming the key that does not fit."""
    import yaml

    try:
        plain = yaml.load(path.read_text(encoding="utf-8-sig"), Loader=yaml.BaseLoader)
    except FileNotFoundError:
        raise NotFound(_("There is no file {file}.").format(file=path)) from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        place = str(getattr(error, "problem_mark", "")).strip()
        raise _unfit(path, place or _("the text"), _("it is not YAML")) from error
    if not isinstance(plain, dict):
        raise _unfit(path, "columns", _("a mapping is needed"))
    return _plan(path, plain)


def _plan(path: Path, plain: dict[str, Any]) -> Plan:
    for key in plain:
        if key not in _KEYS:
            raise _unfit(path, key, _("one of: {options}").format(options=", ".join(_KEYS)))
    mode = plain.get("mode", "")
    if mode and mode not in MODES:
        raise _unfit(path, "mode", _("one of: {options}").format(options=", ".join(MODES)))
    columns = {header: tuple(_targets(path, header, what)) for header, what in (plain.get("columns") or {}).items()}
    match = plain.get("match") or ()
    return Plan(
        into=plain.get("into", ""),
        match=tuple(match) if isinstance(match, list) else tuple(re.split(r"[,\s]+", match)) if match else (),
        mode=mode,
        columns=columns,
        constants=dict(plain.get("constants") or {}),
        encoding=plain.get("encoding", ""),
        delimiter=plain.get("delimiter", ""),
    )


def _targets(path: Path, header: str, what: Any) -> Iterator[Target]:
    for one in what if isinstance(what, list) else [what]:
        if isinstance(one, str):
            if one:
                yield Target(one)
        elif isinstance(one, dict) and one.get("field"):
            yield _target(path, header, one)
        else:
            raise _unfit(path, header, _("a field, or a mapping with «field», is needed"))


def _target(path: Path, header: str, plain: dict[str, Any]) -> Target:
    for key in plain:
        if key not in _TARGET_KEYS:
            raise _unfit(path, f"{header}: {key}", _("one of: {options}").format(options=", ".join(_TARGET_KEYS)))
    if not isinstance(plain.get("values", {}), dict):
        raise _unfit(path, f"{header}: values", _("a mapping is needed"))
    given = {_TARGET_KEYS[key]: value for key, value in plain.items()}
    given["create"] = plain.get("create", "").casefold() in ("true", "yes", "да", "так")
    return Target(**given)


def _unfit(path: Path, key: str, why: str) -> InvalidValue:
    return InvalidValue(
        _("{file}: «{key}» does not fit: {why}.").format(file=path.name, key=key, why=why),
        _("A map is described in docs/import.md."),
    )


# --- without a map ---------------------------------------------------------------------------------------------------


def guess_noun(crm: Desk, file_name: str) -> str:
    """Return the noun that a file is called after: `companies.csv`, «Сделки.xlsx»; raise WrongUsage."""
    stem = header_key(file_name.rpartition("/")[2].partition(".")[0])
    for noun in crm.nouns.values():
        entity = noun.entity
        names = {
            entity.noun,
            entity.plural,
            *in_every_language(entity.title_one),
            *in_every_language(entity.title_many),
        }
        if stem in {header_key(name) for name in names}:
            return noun.name
    raise WrongUsage(
        _("What the rows of {file} are is not known.").format(file=file_name),
        _("Say it with --into: {nouns}.").format(nouns=", ".join(crm.nouns)),
    )


def with_guesses(plan: Plan, noun: Noun, headers: Iterable[str]) -> Plan:
    """Return a plan in which every header has its targets: those of the map, else those that its name says.

    Raise InvalidValue when the map names a field that the noun does not have, or no header means anything.
    """
    mapped = {header_key(header): targets for header, targets in plan.columns.items()}
    known = known_headers(noun)
    columns: dict[str, tuple[Target, ...]] = {}
    filled: set[str] = set()
    for header in dict.fromkeys(headers):
        key = header_key(header)
        guessed = () if plan.columns else _guessed(noun, known, key, filled)
        columns[header] = mapped.pop(key, guessed)
    if mapped:
        raise InvalidValue(
            _("The file has no column {names}.").format(names=", ".join(f"«{name}»" for name in mapped)),
            _("It has: {names}.").format(names=", ".join(columns)),
        )
    for target in [*(one for targets in columns.values() for one in targets), *map(Target, plan.constants)]:
        check_target(noun, target.field)
    if not any(columns.values()):
        raise InvalidValue(
            _("None of the columns is a field of {noun}: {names}.").format(noun=noun.name, names=", ".join(columns)),
            _("Write a map: crm import FILE --map MAP.yaml."),
        )
    return replace(plan, columns=columns)


def check_target(noun: Noun, name: str) -> None:
    """Raise InvalidValue unless a noun has a field of that name."""
    if name in OWN or name in _kept_beside(noun):
        return
    base = name.removesuffix(CURRENCY)
    if base != name and isinstance(noun.fields.get(base), MoneyField):
        return
    noun.field(name)


def _kept_beside(noun: Noun) -> set[str]:
    return {"stage_log", *(f"{name}_typed" for name in noun.fields)}


def _guessed(noun: Noun, known: Mapping[str, str], key: str, filled: set[str]) -> tuple[Target, ...]:
    name = known.get(key) or known.get(re.sub(r" ?\d+$", "", key), "")
    if name in noun.fields and noun.fields[name].many:
        return (Target(name),)
    if key not in known or name in filled:
        return ()
    filled.add(name)
    return (Target(name),)


def known_headers(noun: Noun) -> dict[str, str]:
    """Return the fields of a noun by every header that means them."""
    known: dict[str, str] = {}
    for name in noun.fields:
        for word in _SYNONYMS.get(name, ()):
            known.setdefault(header_key(word), name)
    for name, one in noun.fields.items():
        if isinstance(one, Parts):
            for part, title in one.parts.items():
                known[header_key(f"{name}.{part}")] = f"{name}.{part}"
                if part not in noun.fields and not title.isascii():
                    known.setdefault(header_key(title), f"{name}.{part}")
                known.setdefault(header_key(part), f"{name}.{part}")
        if isinstance(one, MoneyField):
            known[header_key(name + CURRENCY)] = name + CURRENCY
            units = in_every_language(CURRENCY_TITLE)
            for title in in_every_language(one.title):
                known |= {header_key(f"{title}, {unit}"): name + CURRENCY for unit in units}
    for name, one in noun.fields.items():
        for word in in_every_language(one.title):
            known[header_key(word)] = name
        known[header_key(name)] = name
        if one.many:
            known.setdefault(header_key(name.removesuffix("s")), name)
    known |= {name: name for name in OWN}
    for name in _kept_beside(noun):
        known.setdefault(header_key(name), name)
    return known
