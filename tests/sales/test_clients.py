from __future__ import annotations

import pytest

from crm.sales.collection import Edit
from crm.workspace import Workspace


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Иван Петров", ("Иван", "", "Петров")),
        ("Иван Сергеевич Петров", ("Иван", "Сергеевич", "Петров")),
        ("Петров Иван Сергеевич", ("Иван", "Сергеевич", "Петров")),
        ("Олена Іванівна Шевченко", ("Олена", "Іванівна", "Шевченко")),
        ("Иван", ("Иван", "", "")),
    ],
)
def test_a_name_is_taken_apart(sales: Workspace, name: str, parts: tuple[str, str, str]) -> None:
    contact = sales.contacts.add(name=name)
    assert (contact.first_name, contact.middle_name, contact.last_name) == parts


def test_a_name_is_made_of_its_parts(sales: Workspace) -> None:
    contact = sales.contacts.add(first_name="Иван", last_name="Петров")
    assert contact.name == "Петров Иван"
    assert sales.contacts.set(contact.id, last_name="Сидоров").name == "Сидоров Иван"
    assert sales.contacts.set(contact.id, name="Анна Смирнова").last_name == "Смирнова"


def test_phones_are_found_in_any_form(sales: Workspace) -> None:
    contact = sales.contacts.add(name="Иван", phones=["8 (916) 123-45-67"])
    assert contact.phones == ("+79161234567",)
    assert [found.ref for found in sales.find("123-45-67")] == [contact.ref]


def test_a_company_shows_its_people(sales: Workspace) -> None:
    company = sales.companies.add(name="ООО Ромашка")
    sales.contacts.add(name="Иван", companies=[company.ref])
    assert sales.companies.export(company)["contacts"] == ["contact/1"]


def test_requisites_are_found_and_cleaned(sales: Workspace) -> None:
    company = sales.companies.add(name="ООО Ромашка", inn="78 0000 0027", bik="044525225")
    assert company.tax_ids == {"inn": "7800000027"}
    assert [found.id for found in sales.companies.having("tax_ids", "7800000027")] == [company.id]


def test_classifiers_are_of_their_dictionary(sales: Workspace) -> None:
    company = sales.companies.add(name="ООО Ромашка")
    changed = sales.companies.set(company.id, Edit("classifiers.loyalty", "=", "Loyal"))
    assert changed.classifiers == {"loyalty": "loyal"}
