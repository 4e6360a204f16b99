from __future__ import annotations

import pytest

from crm.errors import WrongUsage
from crm.sales.intake import accept, read_request
from crm.workspace import Workspace


@pytest.mark.parametrize(
    ("text", "name", "phones", "emails"),
    [
        ("Василий, щебень", "Василий, щебень", [], []),
        ("8 916 123-45-67 Василий", "Василий", ["8 916 123-45-67"], []),
        ("Василий, v@example.ru, +7 (916) 123-45-67", "Василий", ["+7 (916) 123-45-67"], ["v@example.ru"]),
        ("щебень 20 т", "щебень 20 т", [], []),
    ],
)
def test_a_request_is_taken_apart(text: str, name: str, phones: list[str], emails: list[str]) -> None:
    asked = read_request(text, [], [], "")
    assert (asked.name.rstrip(" ,"), asked.phones, asked.emails) == (name, phones, emails)


def test_a_stranger_becomes_a_lead(sales: Workspace) -> None:
    made = accept(sales, read_request("Василий 8 916 123-45-67", [], [], "call_in")).made
    assert made is not None
    assert (made.ref, made.doc["phones"], made.doc["source"]) == ("lead/1", ["+79161234567"], "call_in")


@pytest.mark.parametrize("text", ["+7 916 123 45 67", "89161234567", "ivan@EXAMPLE.ru", "иван петров"])
def test_a_client_is_known_by_phone_mail_or_name(sales: Workspace, text: str) -> None:
    contact = sales.contacts.add(name="Иван Петров", phones=["8 916 123-45-67"], emails=["Ivan@example.ru"])
    found = accept(sales, read_request(text, [], [], ""))
    assert (found.made, [one.ref for one in found.known]) == (None, [contact.ref])
    assert sales.leads.count() == 0


def test_the_same_request_twice_is_one_lead(sales: Workspace) -> None:
    asked = read_request("Василий 8 916 123-45-67", [], [], "")
    accept(sales, asked)
    assert [one.ref for one in accept(sales, asked).known] == ["lead/1"]
    sales.leads.reject(1, "spam")
    assert accept(sales, asked).made is not None, "a rejected lead is no client"


def test_a_name_does_not_win_over_another_phone(sales: Workspace) -> None:
    sales.contacts.add(name="Иван", phones=["8 916 123-45-67"])
    found = accept(sales, read_request("Иван 8 916 999-99-99", [], [], ""))
    assert found.made is None or found.made.ref == "lead/1"


def test_nothing_is_not_a_request(sales: Workspace) -> None:
    with pytest.raises(WrongUsage):
        accept(sales, read_request("  ", [], [], ""))
