"""What merge fields stand for: values of the recipient's record as people read them (features G6)."""

from __future__ import annotations

from contextvars import copy_context
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from crm.errors import CrmError, InvalidValue
from crm.locale import _, language, use_language
from crm.model.field_dates import Day, Moment
from crm.model.field_lists import Choices, Phones, Refs
from crm.model.field_parts import Parts
from crm.model.fields import Choice, Flag, MoneyField, Ref
from crm.plugins.mailings import template

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crm.model.fields import Field
    from crm.model.record import Record
    from crm.plugins.mailings.audience import Recipient
    from crm.sales.desk import Desk

UNSUBSCRIBE = "unsubscribe"
OWN = ("name", "first_name", "company", "owner", "email", UNSUBSCRIBE)
"""Merge fields that every recipient has, beside the fields of the record."""


def check_fields(crm: Desk, noun: str, *texts: str) -> None:
    """Raise InvalidValue for a merge field that recipients of a noun do not have."""

    def is_field(name: str) -> bool:
        try:
            crm.nouns[noun].field(name)
        except InvalidValue:
            return False
        return True

    for text in texts:
        template.check(text, OWN, is_field)


def values_of(crm: Desk, to: Recipient, names: Iterable[str], unsubscribe: str) -> dict[str, str]:
    """Return the value of each merge field for one recipient, in the language of the workspace, empty if not known."""

    def read() -> dict[str, str]:
        use_language(crm.settings.language)
        return {name: unsubscribe if name == UNSUBSCRIBE else value_of(crm, to, name) for name in names}

    return copy_context().run(read)


def value_of(crm: Desk, to: Recipient, name: str) -> str:
    """Return the value of one merge field."""
    match name:
        case "email":
            return to.address
        case "name":
            return to.name
        case "first_name":
            return _first_name(to)
        case "company":
            return _company(crm, to)
        case "owner":
            return _owner(crm, to)
    return "" if to.record is None else _field_text(crm, to.record, name)


def _first_name(to: Recipient) -> str:
    if to.record is None or to.record.noun == "company":
        return ""
    if to.record.noun == "lead":
        from crm.model.contact import split_name

        return split_name(str(to.record.doc.get("contact_name") or "")).get("first_name", "")
    return str(to.record.doc.get("first_name") or "")


def _company(crm: Desk, to: Recipient) -> str:
    if to.company is not None:
        return to.company.label
    if to.record is None:
        return ""
    companies = to.record.doc.get("companies") or []
    return _label(crm, companies[0]) if companies else str(to.record.doc.get("company_name") or "")


def _owner(crm: Desk, to: Recipient) -> str:
    login = "" if to.record is None else str(to.record.doc.get("owner") or "")
    for user in crm.collection("user").having("login", login):
        return str(user.label)
    return login


def _label(crm: Desk, ref: str) -> str:
    try:
        return crm.record(ref).label
    except CrmError:
        return ""


# --- values as people read them --------------------------------------------------------------------------------------


def _field_text(crm: Desk, record: Record, name: str) -> str:
    field, part = crm.nouns[record.noun].field(name)
    stored = record.doc.get(field.name)
    if stored in (None, "", [], {}):
        return ""
    if isinstance(field, Parts):
        return str(stored.get(part, "")) if part else "; ".join(str(value) for value in stored.values())
    parts = stored if isinstance(stored, list) else [stored]
    return ", ".join(_text(crm, field, value) for value in parts)


def _text(crm: Desk, field: Field[Any], stored: Any) -> str:
    if isinstance(field, Choice | Choices) and field.dictionary:
        return crm.customs.dictionary(field.dictionary).title(stored)
    if isinstance(field, Ref | Refs):
        return _label(crm, stored)
    if isinstance(field, Phones):
        from crm.model.phone import format_phone

        return format_phone(stored)
    if isinstance(field, MoneyField):
        from crm.model.money import Money, format_money

        return format_money(Money.from_json(stored), language())
    if isinstance(field, Day | Moment):
        return _moment_text(crm, field.value(stored))
    if isinstance(field, Flag):
        return _("yes") if stored else _("no")
    return str(stored.get("name", "")) if isinstance(stored, dict) else str(stored)


def _moment_text(crm: Desk, moment: datetime | date | None) -> str:
    from babel.dates import format_date, format_datetime

    if isinstance(moment, datetime):
        return format_datetime(moment.astimezone(crm.settings.time_zone), "short", locale=language())
    return format_date(moment, "medium", locale=language())
