"""A contact: a person, with a role in one or several companies."""

from __future__ import annotations

from crm.locale import N_
from crm.model.field_dates import Day
from crm.model.field_lists import Choices, Emails, Phones, Refs
from crm.model.field_parts import Classifiers
from crm.model.fields import LongText, Text, named
from crm.model.record import Record


class Contact(Record):
    """A person: имя, фамилия, телефон, e-mail; a surname may be unknown."""

    noun, plural = "contact", "contacts"
    title_one, title_many = N_("Contact"), N_("Contacts")
    example = '"Иван Петров" --company "ООО Ромашка" --email i@example.ru'
    pointing = {"deals": (named(Refs(N_("Deals"), "deal"), "deals"), "contacts")}

    name = Text(N_("Full name"), required=True, search=True, listed=True, hint="")
    first_name = Text(N_("First name"))
    last_name = Text(N_("Last name"))
    middle_name = Text(N_("Middle name"))
    phones = Phones(N_("Phones"), listed=True)
    emails = Emails(N_("E-mails"), listed=True)
    position = Text(N_("Position"), search=True, listed=True)
    roles = Choices(N_("Roles"), "contact_roles", key=True)
    companies = Refs(N_("Companies"), "company", listed=True)
    birthday = Day(N_("Birthday"))
    classifiers = Classifiers(N_("Classifiers"))
    comment = LongText(N_("Comment"), search=True)


def split_name(name: str) -> dict[str, str]:
    """Split «Имя Фамилия» or «Фамилия Имя Отчество» into parts by the patronymic; one word is a first name.

    Russian patronymics end in -вич, -вна, -ична, -инична, Ukrainian ones in -ович, -івна, -ївна.
    """
    words = name.split()
    patronymic = next((word for word in words[1:] if word.casefold().endswith(_PATRONYMICS)), "")
    rest = [word for word in words if word != patronymic]
    if patronymic and len(rest) == 2:
        first, last = (rest[0], rest[1]) if words.index(patronymic) == 1 else (rest[1], rest[0])
        return {"first_name": first, "middle_name": patronymic, "last_name": last}
    if len(words) == 2:
        return {"first_name": words[0], "last_name": words[1]}
    return {"first_name": words[0]} if len(words) == 1 else {}


_PATRONYMICS = ("вич", "вна", "чна", "ївна", "івна", "ьич")


def full_name(last: str, first: str, middle: str) -> str:
    """Join the parts of a name as papers do: «Фамилия Имя Отчество»."""
    return " ".join(filter(None, (last, first, middle)))
