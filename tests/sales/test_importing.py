from __future__ import annotations

import codecs
import csv
import json
from collections.abc import Iterable
from pathlib import Path

import pytest
from xlsxwriter import Workbook

from tests.command_line import CommandLine

HEADERS = ["Название", "Телефон", "E-mail", "Сумма"]
ROWS = [
    ["Москва, Василий, щебень", "8 916 123-45-67", "v@example.ru", "1 500,50"],
    ["Тверь, Ольга, песок", "+7 903 000-00-01", "o@example.ru", "200"],
]


def table(rows: Iterable[Iterable[str]], delimiter: str = ",") -> str:
    return "".join(delimiter.join(row) + "\r\n" for row in rows)


@pytest.fixture
def leads(tmp_path: Path) -> Path:
    path = tmp_path / "leads.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADERS, *ROWS])
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_encoding_and_delimiter_are_found_by_content(
    line: CommandLine, tmp_path: Path, encoding: str, delimiter: str
) -> None:
    path = tmp_path / "leads.csv"
    path.write_bytes(table([HEADERS, *ROWS], delimiter).encode(encoding))

    line("import", path)

    first = line.show("lead/1")
    assert first["name"] == "Москва, Василий, щебень"
    assert first["phones"] == ["+79161234567"]
    assert first["amount"] == {"amount": "1500.50", "currency": "RUB"}
    assert line.show("lead/2")["emails"] == ["o@example.ru"]


def test_headers_are_forgiven_their_case_spaces_quotes_and_language(line: CommandLine, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(
        codecs.BOM_UTF8
        + '" НАЗВАНИЕ ";PHONE 1;phone_2;Телефон 3;Прочее\nООО Ромашка;8 916 1234567;+79030000001;;x\n'.encode()
    )

    shown = line("import", path, "--into", "companies")

    assert "Прочее" in shown.err
    assert line.show("company/1")["phones"] == ["+79161234567", "+79030000001"]


def test_the_words_a_seller_heads_columns_with_are_known(line: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "лиды.csv"
    file.write_text(
        "Имя;Название;Телефон;Тел 2;Компания\nАнна;Окна;89161234567;89161234568;Ромашка\n;;;;\n", encoding="utf-8"
    )
    line("import", file, "--into", "lead")
    lead = line.show("lead/1")
    assert (lead["name"], lead["company_name"]) == ("Анна", "Ромашка")
    assert lead["phones"] == ["+79161234567", "+79161234568"]
    line("lead", "show", "2", code=3)


def test_the_first_line_of_a_spreadsheet_names_the_delimiter(line: CommandLine, tmp_path: Path) -> None:
    path = tmp_path / "products.csv"
    path.write_text("sep=;\nsku;name\nA,1;Щебень\nB;\n", encoding="utf-8")

    result = line("import", path, code=4)

    assert line.show("product/1")["sku"] == "A,1"
    assert "line 4:" in result.err


def test_bad_rows_are_told_by_line_and_the_good_ones_stay(line: CommandLine, tmp_path: Path) -> None:
    path, errors = tmp_path / "deals.csv", tmp_path / "errors.csv"
    path.write_text(
        'title,amount,stage\nПервая,100,new\n"Вторая\nиз двух строк",много,new\nТретья,1,nowhere\n,5,new\nПятая,7,\n',
        encoding="utf-8",
    )

    result = line("import", path, "--errors", errors, "--json", code=4)

    assert (result.json["created"], result.json["bad"]) == (2, 3)
    assert [row["line"] for row in result.json["errors"]] == [3, 5, 6]
    assert "много" in result.json["errors"][0]["reason"]
    assert [deal["title"] for deal in json.loads(line("deal", "list", "--json").out)] == ["Первая", "Пятая"]
    with errors.open(encoding="utf-8-sig", newline="") as file:
        written = list(csv.DictReader(file))
    assert [row["line"] for row in written] == ["3", "5", "6"]
    assert written[0]["title"] == "Вторая\nиз двух строк"


def test_a_row_that_fails_late_leaves_no_linked_record(line: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_text(
        "into: deal\ncolumns:\n  client: {field: company, create: true}\n  what: title\n  stage: stage\n",
        encoding="utf-8",
    )
    path = tmp_path / "x.csv"
    path.write_text(
        "client,what,stage\nООО Роза,Цветы,nowhere\nООО Мак,Цветы,new\nооо «мак»,Ещё,new\n", encoding="utf-8"
    )

    result = line("import", path, "--map", tmp_path / "m.yaml", "--json", code=4)

    assert (result.json["created"], result.json["linked"], result.json["bad"]) == (2, 1, 1)
    assert [one["name"] for one in line("company", "list", "--json").json] == ["ООО Мак"]
    assert line.show("deal/2")["company"] == "company/1"


def test_an_import_of_several_batches_is_undone_and_redone_as_one(line: CommandLine, tmp_path: Path) -> None:
    path = tmp_path / "contacts.csv"
    path.write_text("name,email\n" + "".join(f"Человек {n},p{n}@example.ru\n" for n in range(2500)), encoding="utf-8")
    before = line.number()

    line("import", path)

    assert line.number() == before + 3
    assert len(line.ids("contact", "list")) == 2500
    line("undo")
    assert line.ids("contact", "list") == []
    line("redo")
    assert len(line.ids("contact", "list")) == 2500
    line("check")


def test_a_second_run_creates_nothing_twice(line: CommandLine, leads: Path) -> None:
    line("import", leads)

    again = line("import", leads, "--json")

    assert (again.json["created"], again.json["passed"]) == (0, 2)
    assert line.ids("lead", "list") == [1, 2]
    line("undo")
    assert line("import", leads, "--json").json["created"] == 2


def test_an_interrupted_import_goes_on_where_it_was(
    line: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from crm.sales import importing

    path = tmp_path / "contacts.csv"
    path.write_text("name\n" + "".join(f"Человек {n}\n" for n in range(10)), encoding="utf-8")
    monkeypatch.setattr(importing, "BATCH", 4)
    taken: list[int] = []
    plain = importing._Run._write

    def failing(run: importing._Run, entries: list[importing.Entry], done: importing.Outcome) -> None:
        taken.append(len(entries))
        if len(taken) == 3:
            raise KeyboardInterrupt
        plain(run, entries, done)

    monkeypatch.setattr(importing._Run, "_write", failing)
    line("import", path, code=130)
    assert len(line.ids("contact", "list")) == 8

    line("import", path)

    names = [one["name"] for one in line("contact", "list", "--json").json]
    assert names == [f"Человек {n}" for n in range(10)]


@pytest.mark.parametrize(
    ("mode", "created", "updated", "passed"), [("create", 1, 0, 1), ("update", 0, 1, 1), ("upsert", 1, 1, 0)]
)
def test_modes_by_a_match_of_phones(
    line: CommandLine, tmp_path: Path, mode: str, created: int, updated: int, passed: int
) -> None:
    line("contact", "add", "Иван Петров", "--phone", "8 (916) 123-45-67", "--phone", "+7 495 123-45-67")
    path = tmp_path / "contacts.csv"
    path.write_text(
        "name,phone,position\nИван Петров,+79161234567,Директор\nАнна,+79030000001,Юрист\n", encoding="utf-8"
    )

    done = line("import", path, "--match", "phone", "--mode", mode, "--json").json

    assert (done["created"], done["updated"], done["passed"]) == (created, updated, passed)
    known = line.show("contact/1")
    assert known["phones"] == ["+79161234567", "+74951234567"]
    assert known["position"] == ("Директор" if updated else None)


def test_rows_that_say_nothing_new_change_nothing(line: CommandLine, leads: Path) -> None:
    line("import", leads, "--match", "email")
    number, journal = line.number(), line.journal()

    done = line("import", leads, "--match", "email", "--json").json

    assert (done["unchanged"], done["change"]) == (2, None)
    assert (line.number(), line.journal()) == (number, journal)


def test_two_rows_of_one_file_that_mean_one_record_meet(line: CommandLine, tmp_path: Path) -> None:
    path = tmp_path / "companies.csv"
    path.write_text(
        "name,inn,phone\nООО Ромашка,7707083893,+79161234567\nРомашка,7707083893,+79030000001\n", encoding="utf-8"
    )

    done = line("import", path, "--match", "inn", "--json").json

    assert (done["created"], done["updated"]) == (1, 1)
    assert line.show("company/1")["phones"] == ["+79161234567", "+79030000001"]


def test_a_row_that_means_several_records_is_bad(line: CommandLine, tmp_path: Path) -> None:
    for name in ("Анна", "Ольга"):
        line("contact", "add", name, "--email", "office@example.ru")
    path = tmp_path / "contacts.csv"
    path.write_text("email,position\noffice@example.ru,Юрист\n", encoding="utf-8")

    result = line("import", path, "--match", "email", code=4)

    assert "contact/1, contact/2" in result.err


def test_a_match_by_a_field_without_a_key(line: CommandLine, tmp_path: Path) -> None:
    path = tmp_path / "companies.csv"
    path.write_text("name,comment\nРоза,n-1\nМак,n-2\n", encoding="utf-8")
    line("import", path, "--match", "comment")
    path.write_text("name,comment\nРозан,n-1\nМак,n-2\nИрис,n-3\nИрисы,n-3\n", encoding="utf-8")

    done = line("import", path, "--match", "comment", "--json").json

    assert (done["created"], done["updated"], done["unchanged"]) == (1, 2, 1)
    assert [one["name"] for one in line("company", "list", "--json").json] == ["Розан", "Мак", "Ирисы"]


def test_deals_come_with_their_past(line: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_text(
        """
into: deal
columns:
  what: title
  begun: [{field: created, date format: "%d/%m/%y"}]
  ended: {field: closed, date format: "%d/%m/%y"}
  state:
    - {field: stage, values: {Done: proposal, Failed: proposal, Talks: qualified}, default: new}
    - {field: outcome, values: {Done: won, Failed: lost, Talks: ""}}
constants: {type: Продажа товара}
""",
        encoding="utf-8",
    )
    path = tmp_path / "x.csv"
    path.write_text(
        "what,begun,ended,state\nA,01/03/20,11/03/20,Done\nB,02/03/20,,Talks\nC,03/03/20,05/03/20,Failed\nD,,,\n",
        encoding="utf-8",
    )

    line("import", path, "--map", tmp_path / "m.yaml")

    won, talks, lost, fresh = line("deal", "list", "--json").json
    assert (won["created"], won["closed"]) == ("2020-03-01T00:00:00+00:00", "2020-03-11T00:00:00+00:00")
    assert (won["outcome"], won["probability"], won["stage"]) == ("won", 100, "proposal")
    assert (lost["outcome"], lost["probability"]) == ("lost", 0)
    assert [entry["stage"] for entry in talks["stage_log"]] == ["new", "qualified"]
    assert {entry["since"] for entry in talks["stage_log"]} == {"2020-03-02T00:00:00+00:00"}
    assert (talks["closed"], talks["outcome"], talks["type"]) == (None, None, "goods_sale")
    assert fresh["stage_log"] == [{"stage": "new", "since": fresh["created"]}]
    assert fresh["created"] > "2026"


def test_a_day_of_the_past_is_a_day_where_the_workspace_is(line: CommandLine, tmp_path: Path) -> None:
    config = line.root / "config" / "crm.yaml"
    config.write_text(
        config.read_text(encoding="utf-8").replace("time_zone: UTC", "time_zone: Europe/Moscow"), encoding="utf-8"
    )
    path = tmp_path / "deals.csv"
    path.write_text("title,created\nA,2026-01-01\n", encoding="utf-8")

    line("import", path)

    assert line.show("deal/1")["created"] == "2025-12-31T21:00:00+00:00"


def test_a_dry_run_says_what_would_be_and_writes_nothing(line: CommandLine, leads: Path) -> None:
    journal = line.journal()

    shown = line("import", leads, "--dry-run")

    assert "Москва, Василий, щебень" in shown.out
    assert "added: 2" in shown.out
    assert line.journal() == journal
    assert line.ids("lead", "list") == []


def test_stdin_and_lines_of_json(line: CommandLine) -> None:
    line("company", "add", "ООО Ромашка")
    rows = [
        {"name": "Иван", "phones": ["+79161234567", "+79030000001"], "companies": ["company/1"]},
        {"name": "Анна", "birthday": "1990-01-31"},
    ]
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows) + "{broken\n"

    result = line("import", "-", "--into", "contact", stdin=text, code=4)

    assert line.show("contact/1")["companies"] == ["company/1"]
    assert line.show("contact/1")["phones"] == ["+79161234567", "+79030000001"]
    assert line.show("contact/2")["birthday"] == "1990-01-31"
    assert "line 3:" in result.err


def test_a_sheet_of_xlsx(line: CommandLine, tmp_path: Path) -> None:
    path = tmp_path / "products.xlsx"
    book = Workbook(str(path))
    sheet = book.add_worksheet()
    for number, row in enumerate(
        [["SKU", "Name", "Price"], [100500, "Щебень", 1750.5], ["", "", ""], ["B", "Песок", "дорого"]]
    ):
        sheet.write_row(number, 0, row)
    book.close()

    result = line("import", path, code=4)

    assert line.show("product/1")["sku"] == "100500"
    assert line.show("product/1")["price"]["amount"] == "1750.50"
    assert "line 4:" in result.err


def test_a_format_that_a_plugin_reads(line: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CRM_PLUGINS")
    folder = line.root / "config" / "plugins"
    folder.mkdir()
    (folder / "cards.py").write_text(
        '''
"""Reads cards."""
from crm import hookimpl

def read(data):
    for number, text in enumerate(data.decode().split("\\n"), 1):
        name, company = text.split("@")
        yield "contact", number, {"name": name, "companies": company}
        yield "deal", number, {"title": "Сделка с " + name}

@hookimpl
def register_importers(register):
    register("cards", read)
''',
        encoding="utf-8",
    )
    path = tmp_path / "x.cards"
    path.write_text("Иван@ООО Роза\nАнна@ооо роза\nбез компании", encoding="utf-8")

    failed = line("import", path, "--as", "cards", code=7)
    assert "cards" in failed.err

    path.write_text("Иван@ООО Роза\nАнна@ооо роза", encoding="utf-8")
    line("import", path, "--as", "cards")
    assert [one["companies"] for one in line("contact", "list", "--json").json] == [["company/1"]] * 2
    assert len(line.ids("deal", "list")) == 2
    assert "cards" in line("import", path, "--as", "nothing", code=3).err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("into: deal\nwhat: 1\n", "what"),
        ("into: deal\nmode: merge\n", "mode"),
        ("into: deal\ncolumns: {title: {fild: title}}\n", "title"),
        ("into: deal\ncolumns: {title: {field: title, find_by: x}}\n", "find_by"),
        ("into: deal\ncolumns: {title: nothing}\n", "nothing"),
        ("into: deal\ncolumns: {absent: title}\n", "absent"),
        ("into: deal\ncolumns: {title: [}\n", "YAML"),
    ],
)
def test_a_map_that_does_not_fit_is_refused_by_its_key(line: CommandLine, tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "m.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "x.csv").write_text("title\nA\n", encoding="utf-8")

    assert said in line("import", tmp_path / "x.csv", "--map", tmp_path / "m.yaml", code=4).err


def test_what_cannot_begin_says_why(line: CommandLine, tmp_path: Path) -> None:
    empty, odd, unclosed = tmp_path / "deals.csv", tmp_path / "stuff.csv", tmp_path / "leads.csv"
    empty.write_text(" \n", encoding="utf-8")
    odd.write_text("a,b\n1,2\n", encoding="utf-8")
    unclosed.write_bytes(b"name\n\xff\xfe\x98\n")
    assert "empty" in line("import", empty, code=4).err
    assert "--into" in line("import", odd, code=2).err
    assert "a, b" in line("import", odd, "--into", "deal", code=4).err
    assert "cp1251" in line("import", unclosed, code=4).err
    line("import", tmp_path / "absent.csv", code=3)
    line("import", empty, "--mode", "update", code=2)


def test_who_may_not_create_is_refused_before_anything(line: CommandLine, leads: Path) -> None:
    access = line.root / "config" / "access.yaml"
    access.write_text(access.read_text(encoding="utf-8").replace("create: true", "create: false"), encoding="utf-8")
    line("user", "add", "Ольга", "--login", "olga", "--role", "admin", code=None)
    line("import", leads, user="stranger", code=5)
