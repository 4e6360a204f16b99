from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from crm import Workspace, open_workspace
from crm.errors import WrongUsage
from crm.model.company_name import bare_name
from crm.sales.duplicates import Group, Likeness, duplicates
from crm.sales.forgetting import forget
from crm.sales.intake import accept, read_request
from crm.sales.merging import merge
from tests.command_line import CommandLine


@pytest.fixture
def crm(shop: Path) -> Iterator[Workspace]:
    with open_workspace(shop, actor="olga") as opened:
        yield opened


def found(crm: Workspace, noun: str) -> list[tuple[list[int], list[str]]]:
    return [(group.ids, [why.by for why in group.reasons]) for group in duplicates(crm, noun)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ООО «Ромашка»", "Ромашка, ООО"),
        ("ромашка", 'Общество с ограниченной ответственностью "Ромашка"'),
        ("ИП Орлёв А.А.", "Орлев А.А."),
        ("ТОВ «Ромашка»", "Товариство з обмеженою відповідальністю Ромашка"),
        ("ФОП Шевченко", "Шевченко ФОП"),
        ("Daisy LLC", "DAISY, LLC"),
        ("Ромашка (ООО)", "Ромашка"),
    ],
)
def test_a_company_is_known_by_its_bare_name(one: str, other: str) -> None:
    assert bare_name(one) == bare_name(other)


def test_a_name_of_a_legal_form_alone_is_a_name() -> None:
    assert bare_name("ООО") == "ооо"
    assert bare_name("") == ""
    assert bare_name("ООО Ромашка") != bare_name("ООО Ромашка Плюс")


def test_contacts_are_grouped_by_phone_and_address(crm: Workspace) -> None:
    crm.contacts.add(name="Василий", phones=["8 916 123-45-67"])
    crm.contacts.add(name="Анна", phones=["8 916 777-77-77"])
    crm.contacts.add(name="В. Петров", phones=["+7 (916) 123 45 67"], emails=["v@example.ru"])
    crm.contacts.add(name="Петров", emails=["V@example.ru"])
    assert duplicates(crm, "contact") == [
        Group("contact", [1, 3, 4], [Likeness("phone", "+79161234567"), Likeness("email", "v@example.ru")])
    ]
    assert duplicates(crm, "contact")[0].command == "crm contact merge 1 3 4"


def test_people_behind_one_switchboard_are_not_one(crm: Workspace) -> None:
    for extension in ("12", "13", "12"):
        crm.contacts.add(name=f"Доб. {extension}", phones=[f"+7 495 123-45-67 доб. {extension}"])
    assert found(crm, "contact") == [([1, 3], ["phone"])]


def test_what_is_no_number_is_nothing_to_go_by(crm: Workspace) -> None:
    for name in ("Анна", "Олег"):
        crm.contacts.add(name=name, phones=["звонить в 102"])
    assert found(crm, "contact") == []


def test_companies_are_grouped_by_name_and_tax_id_but_branches_are_not(crm: Workspace) -> None:
    crm.companies.add(name="ООО Ромашка", inn="7800000027")
    crm.companies.add(name="Ромашка")
    crm.companies.add(name="Лютик", inn="7800000027")
    crm.companies.add(name="Север", inn="7707083893", kpp="780001001")
    crm.companies.add(name="Юг", inn="7707083893", kpp="770001001")
    crm.companies.add(name="Запад", kpp="780001001")
    assert [(ids, set(why)) for ids, why in found(crm, "company")] == [([1, 2, 3], {"name", "inn"})]


def test_leads_count_while_they_are_open(crm: Workspace) -> None:
    for name in ("Первый", "Второй", "Третий"):
        crm.leads.add(name=name, phones=["8 916 123-45-67"])
    crm.leads.reject(2, "spam")
    assert found(crm, "lead") == [([1, 3], ["phone"])]


def test_the_trash_and_the_forgotten_are_no_duplicates(crm: Workspace) -> None:
    for _number in range(4):
        crm.contacts.add(name="Василий Петров", phones=["8 916 123-45-67"])
    crm.contacts.delete(4)
    merge(crm, "contact", 1, [2])
    assert found(crm, "contact") == [([1, 3], ["phone"])]
    forget(crm, ["contact/1"])
    assert found(crm, "contact") == []


def test_only_what_may_be_read_is_told(crm: Workspace) -> None:
    crm.users.add(name="Ольга", login="olga", role="admin")
    crm.users.add(name="Иван", login="ivan", role="manager")
    for owner in ("olga", "ivan"):
        crm.contacts.add(name="Василий", phones=["8 916 123-45-67"], owner=owner)
    assert len(found(crm, "contact")) == 1
    with open_workspace(crm.root, actor="ivan") as own:
        reads_all = own.settings.access.roles["manager"].read == "all"
        assert len(found(own, "contact")) == int(reads_all)


def test_other_nouns_have_no_duplicates(crm: Workspace) -> None:
    with pytest.raises(WrongUsage, match="deal"):
        duplicates(crm, "deal")


@pytest.mark.parametrize(
    ("noun", "first", "second", "what"),
    [
        ("contacts", {"name": "А", "phones": ["8 916 123-45-67"]}, {"name": "Б", "phones": ["89161234567"]}, "phone"),
        ("leads", {"name": "А", "emails": ["v@example.ru"]}, {"name": "Б", "emails": ["V@example.ru"]}, "e-mail"),
        ("companies", {"name": "ООО Ромашка"}, {"name": "«Ромашка»"}, "name"),
        ("companies", {"name": "«Ромашка»"}, {"name": "Ромашка, ООО"}, "name"),
        ("companies", {"name": "А", "inn": "7800000027"}, {"name": "Б", "inn": "7800000027"}, "ИНН"),
    ],
)
def test_who_adds_somebody_twice_is_warned(
    crm: Workspace, noun: str, first: dict[str, object], second: dict[str, object], what: str
) -> None:
    records = crm.collection(noun)
    records.add(**first)
    assert crm.warnings == []
    records.add(**second)
    [warning] = crm.warnings
    assert f"/1 {first['name']} is there already with the same {what}" in warning
    assert "merge 1 2" in warning


def test_a_request_finds_the_company_whatever_its_legal_form(crm: Workspace) -> None:
    crm.companies.add(name="ООО «Ромашка»")
    crm.contacts.add(name="Секретарь", phones=["+7 495 123-45-67 доб. 12"])
    by_name = accept(crm, read_request("Ромашка", [], [], ""))
    assert ([record.ref for record in by_name.known], by_name.made) == (["company/1"], None)
    by_phone = accept(crm, read_request("Кто-то", ["+7 495 123-45-67"], [], ""))
    assert [record.ref for record in by_phone.known] == ["contact/1"]


def test_the_command_prints_groups_and_how_to_merge_them(line: CommandLine) -> None:
    line("contact", "add", "Василий", "--phone", "8 916 123-45-67")
    warned = line("contact", "add", "Вася", "--phone", "+7 916 123 45 67")
    assert "crm contact merge 1 2" in warned.err
    line("lead", "add", "Москва", "--email", "v@example.ru")
    line("lead", "add", "Тверь", "--email", "v@example.ru")
    rows = line("duplicates", "--json").json
    assert rows[0] == {
        "noun": "contact",
        "refs": ["contact/1", "contact/2"],
        "names": ["Василий", "Вася"],
        "reasons": [{"by": "phone", "value": "+79161234567"}],
        "command": "crm contact merge 1 2",
    }
    assert line("duplicates", "contact", "--ids").lines == ["contact/1", "contact/2"]
    assert "phone +79161234567" in line("duplicates", "contact").out
    line(*rows[1]["command"].split()[1:])
    assert line("duplicates", "lead", "--json").json == []
    line("duplicates", "deal", code=2)
