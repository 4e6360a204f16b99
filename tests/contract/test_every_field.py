"""Every field is an option of its own name, owners are people of the team, extra fields are typed as they say."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.command_line import CommandLine

FIELDS = {
    "lead": "name stage quality junk-reason source phone email company-name contact-name amount comment score owner",
    "contact": "name first-name last-name middle-name phone email position role company birthday comment owner",
    "company": "name legal-name tax-ids inn kpp ogrn edrpou bank address phone email industry contact classifiers "
    "owner",
    "deal": "title pipeline stage amount type direction source company contact lead item probability expected-close "
    "closed lost-reason owner",
    "activity": "kind subject about due done result direction outcome duration owner",
    "product": "sku name group unit price vat active",
    "user": "name login role department email active",
}
"""What cli.md promises, of what is not reckoned by the program."""


@pytest.mark.parametrize("noun", FIELDS)
def test_the_fields_of_the_contract_are_options_of_add(line: CommandLine, noun: str) -> None:
    told = line(noun, "add", "--help").out
    assert [name for name in FIELDS[noun].split() if f"  --{name} " not in told] == []


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["lead", "add", "--name", "Олена"], {"name": "Олена"}),
        (["lead", "add", "--name", "Олена", "--phones", "067 123-45-67", "--company_name", "К"], {"company_name": "К"}),
        (["deal", "add", "--title", "Щебень", "--expected_close", "2026-12-01"], {"expected_close": "2026-12-01"}),
        (["activity", "add", "--kind", "call", "--subject", "Набрать"], {"kind": "call", "subject": "Набрать"}),
        (["activity", "add", "--kind", "call", "Набрать"], {"kind": "call", "subject": "Набрать"}),
        (["activity", "add", "call", "Набрать", "--done"], {"done": True}),
        (["activity", "add", "call", "Набрать", "--done", "no"], {"done": False, "done_at": None}),
        (["product", "add", "--name", "Песок", "--active", "no"], {"name": "Песок", "active": False}),
        (["user", "add", "--name", "Пётр", "--login", "petr"], {"login": "petr", "active": True}),
    ],
)
def test_what_is_typed_first_may_be_an_option(line: CommandLine, words: list[str], expected: dict[str, object]) -> None:
    doc = line(*words, "--json").json
    assert {name: doc[name] for name in expected} == expected


def test_a_name_given_twice_is_wrong_usage(line: CommandLine) -> None:
    line("lead", "add", "Один", "--name", "Два", code=2)
    assert line.number() == 0


def test_what_the_program_keeps_cannot_be_given(line: CommandLine) -> None:
    ended = line("deal", "add", "Щебень", "--set", "outcome=won", code=5)
    assert "crm deal win" in ended.err


def test_an_owner_is_a_person_of_the_team(line: CommandLine) -> None:
    line("user", "add", "Пётр Иванов", "--login", "petr")
    line("lead", "add", "A", "--owner", "nobody", code=3)
    line("deal", "add", "A", "--owner", "nobody", code=3)
    line("deal", "add", "A", "--owner", "Пётр Иванов")
    assert line.show("deal/1")["owner"] == "petr"
    line("deal", "set", 1, "owner=nobody", code=3)
    line("deal", "set", 1, "owner=olga")
    assert line.show("deal/1")["owner"] == "olga"


def test_the_sixth_contact_is_refused(line: CommandLine) -> None:
    for number in range(6):
        line("contact", "add", f"Человек{number}")
    five = [word for number in range(1, 6) for word in ("--contact", str(number))]
    line("deal", "add", "Щебень", *five)
    before = line.journal()
    for words in (
        ["deal", "link", "1", "contact/6"],
        ["deal", "set", "1", "contacts+=contact/6"],
        ["deal", "add", "Песок", *five, "--contact", "6"],
    ):
        ended = line(*words, code=5)
        assert "5" in ended.err
        assert "crm deal unlink" in ended.err
    assert line.journal() == before
    line("deal", "unlink", 1, "contact/2")
    line("deal", "link", 1, "contact/6")
    assert len(line.show("deal/1")["contacts"]) == 5


def test_a_company_takes_and_gives_up_its_people(line: CommandLine) -> None:
    for name in ("Иван Петров", "Анна Смирнова"):
        line("contact", "add", name)
    line("company", "add", "ООО Ромашка", "--contact", "Петров")
    assert line.show("company/1")["contacts"] == ["contact/1"]
    line("company", "set", 1, "contacts+=contact/2", "contacts-=contact/1", "comment=да")
    assert line.show("company/1")["contacts"] == ["contact/2"]
    assert line.show("contact/1")["companies"] == []
    line("company", "set", 1, "contacts=1;2")
    assert line.show("company/1")["contacts"] == ["contact/1", "contact/2"]
    line("company", "set", 1, "contacts=")
    assert line.show("company/1")["contacts"] == []
    line("undo")
    assert line.show("company/1")["contacts"] == ["contact/1", "contact/2"]


EXTRA = """
deal:
  - {name: tags, type: list, options: [{id: hot, title: {ru: Горячая, en: Hot}}, big]}
  - {name: paid_until, type: date, default: today}
  - {name: fee, type: money, default: 10}
  - {name: terms, type: choice, options: [{id: prepaid, title: {ru: Предоплата, en: Prepaid}}], default: Предоплата}
"""


@pytest.fixture
def extra(line: CommandLine) -> CommandLine:
    path: Path = line.root / "config" / "fields.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("\ndeal: []\n", EXTRA), encoding="utf-8")
    return line


def test_a_list_takes_its_options_alone(extra: CommandLine) -> None:
    doc = extra("deal", "add", "A", "--tag", "Горячая", "--tag", "big", "--json").json
    assert doc["tags"] == ["hot", "big"]
    assert extra.ids("deal", "list", "--where", "tags = Hot") == [1]
    ended = extra("deal", "add", "B", "--tag", "other", code=4)
    assert "hot (Hot)" in ended.err


def test_a_default_is_read_as_its_type(extra: CommandLine) -> None:
    doc = extra("deal", "add", "A", "--json").json
    assert doc["fee"] == {"amount": "10.00", "currency": "RUB"}
    assert doc["terms"] == "prepaid"
    assert doc["paid_until"] == doc["created"][:10]


def test_a_default_that_does_not_fit_is_told_by_the_doctor(line: CommandLine) -> None:
    path: Path = line.root / "config" / "fields.yaml"
    wrong = "\ndeal: [{name: boxes, type: number, default: x}]\n"
    path.write_text(path.read_text(encoding="utf-8").replace("\ndeal: []\n", wrong), encoding="utf-8")
    assert "boxes" in line("doctor", code=8).out


def test_shifts_of_weeks_and_months_are_dates(line: CommandLine) -> None:
    line("deal", "add", "A", "--expected-close", "31.01.2026")
    line("deal", "add", "B", "--expected-close", "+1m")
    line("deal", "add", "C", "--expected-close", "+4w")
    later, sooner = (line.show(f"deal/{number}")["expected_close"] for number in (2, 3))
    assert sooner <= later


def test_a_token_is_printed_as_asked(line: CommandLine) -> None:
    line("user", "add", "Пётр", "--login", "petr")
    assert line("user", "token", "petr", "--ids").out == "2\n"
    doc = line("user", "token", "petr", "--json").json
    assert doc["login"] == "petr"
    assert len(doc["token"]) > 20
    assert line("user", "token", "petr").out.startswith("user/2 ")


def test_a_user_is_named_by_login_too(line: CommandLine) -> None:
    line("user", "add", "Пётр", "--login", "petr")
    assert line("user", "show", "petr", "--ids").out == "2\n"
    line("user", "set", "petr", "role=head")
    assert line.show("user/2")["role"] == "head"
    line("user", "show", "nobody", code=3)
