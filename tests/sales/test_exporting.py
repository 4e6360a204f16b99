from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import date
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook, load_workbook

from crm.entrance import open_workspace
from crm.sales.exporting import Export, guarded, write
from crm.sales.import_values import unguarded
from tests.command_line import CommandLine
from tests.conftest import make_workspace

NASTY = ["=1+1", "+1+1", "-2+3", "@SUM(A1)", "\tx", "\rx", "'=1", "''x", "'", "=", "'plain", "-5", "+79161234567", "1"]


@pytest.mark.parametrize("text", NASTY)
def test_no_cell_runs_and_each_comes_back(text: str) -> None:
    cell = guarded(text)
    assert cell[:1] not in ("=", "@", "\t", "\r")
    assert cell[:1] not in ("+", "-") or cell in ("-5", "+79161234567")
    assert unguarded(cell) == text


@pytest.fixture
def filled(line: CommandLine) -> CommandLine:
    line("company", "add", "ООО «Роза; и Ко»", "--inn", "7707083893", "--address", "Москва, ул. Мира, 1")
    line("contact", "add", "Иванов Иван", "--phone", "8 916 123-45-67", "--email", "i@example.ru", "--company", "1")
    line("product", "add", "Щебень", "--sku", "=SCH", "--price", "1750.5")
    line("deal", "add", "=cmd|' /C calc'!A0", "--company", "1", "--amount", "100.5", "--contact", "1")
    line("deal", "add", "Вторая", "--item", "=SCH*10")
    line("deal", "win", "2")
    return line


def rows_of(text: str, delimiter: str = ",") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter))


def test_csv_on_stdout_is_guarded_and_plain_numbers_stay(filled: CommandLine) -> None:
    first, second = rows_of(filled("export", "deal").out)
    assert first["title"] == "'=cmd|' /C calc'!A0"
    assert (first["amount"], first["amount_currency"]) == ("100.50", "RUB")
    assert second["items"].startswith("'=SCH*10@1750.50%")
    assert second["outcome"] == "won"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "utf-16"])
def test_encodings_and_delimiters(filled: CommandLine, tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "companies.csv"
    filled("export", "companies", "-o", path, "--encoding", encoding, "--delimiter", ";")
    text = path.read_bytes().decode(encoding)
    assert rows_of(text, ";")[0]["name"] == "ООО «Роза; и Ко»"
    assert rows_of(text, ";")[0]["tax_ids.inn"] == "7707083893"


def test_a_letter_that_the_encoding_lacks_leaves_the_old_file(filled: CommandLine, tmp_path: Path) -> None:
    filled("company", "add", "Ромашка 🌼")
    path = tmp_path / "companies.csv"
    path.write_text("old", encoding="utf-8")
    assert "cp1251" in filled("export", "company", "-o", path, "--encoding", "cp1251", code=4).err
    assert path.read_text(encoding="utf-8") == "old"
    assert [one.name for one in tmp_path.iterdir() if one.name.startswith(".")] == []


def test_xlsx_holds_texts_and_no_formulas(filled: CommandLine, tmp_path: Path) -> None:
    path = tmp_path / "deals.xlsx"
    filled("export", "deal", "-o", path)
    rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    first = dict(zip(map(str, rows[0]), rows[1], strict=True))
    assert first["title"] == "=cmd|' /C calc'!A0"
    assert first["amount"] == 100.5
    with zipfile.ZipFile(path) as packed:
        sheet = packed.read("xl/worksheets/sheet1.xml").decode()
        assert "quotePrefix" in packed.read("xl/styles.xml").decode()
    assert "<f>" not in sheet


def test_lines_of_json_are_what_show_prints(filled: CommandLine) -> None:
    lines = filled("export", "contact", "--format", "jsonl").lines
    shown = filled.show("contact/1")
    assert shown.pop("deals") == ["deal/1"], "the card adds the deals of a contact (E25)"
    assert json.loads(lines[0]) == shown


def test_filters_and_names(filled: CommandLine) -> None:
    (row,) = rows_of(filled("export", "deal", "--where", "amount < 101", "--names").out)
    assert (row["company"], row["contacts"]) == ("ООО «Роза; и Ко»", "Иванов Иван")


def test_only_who_may_export(filled: CommandLine) -> None:
    access = filled.root / "config" / "access.yaml"
    access.write_text(access.read_text(encoding="utf-8").replace("export: true", "export: false"), encoding="utf-8")
    filled("user", "add", "Ольга", "--login", "olga", "--role", "admin")
    assert "export" in filled("export", "deal", user="stranger", code=5).err


@pytest.mark.parametrize("ending", ["csv", "xlsx", "jsonl"])
def test_what_goes_out_comes_in_again(filled: CommandLine, tmp_path: Path, ending: str) -> None:
    other = CommandLine(make_workspace(tmp_path / "other"))
    for noun in ("company", "contact", "product", "deal"):
        path = tmp_path / f"{noun}.{ending}"
        filled("export", noun, "-o", path)
        other("import", path, "--into", noun)
    for noun in ("company", "contact", "product", "deal"):
        assert _documents(other, noun) == _documents(filled, noun)
    other("check")


def test_a_sheet_for_people_has_titles_names_and_days_and_comes_in_again(filled: CommandLine, tmp_path: Path) -> None:
    filled("deal", "set", 1, "source=site", "expected_close=2026-12-01")
    path = tmp_path / "deals.xlsx"
    with open_workspace(filled.root, actor="olga") as crm, path.open("wb") as out:
        write(Export(crm.deals, titled=True, sort="-id"), out, "xlsx")
    head, *rows = load_workbook(path).get_sheet_by_index(0).to_python()
    found = dict(zip(head, next(row for row in rows if row[0] == 1), strict=True))
    assert (found["Source"], found["Expected close"]) == ("Website", date(2026, 12, 1))
    assert found["Company"] == "ООО «Роза; и Ко»"
    other = CommandLine(make_workspace(tmp_path / "other"))
    other("company", "add", "ООО «Роза; и Ко»")
    other("contact", "add", "Иванов Иван")
    other("product", "add", "Щебень", "--sku", "=SCH", "--price", "1750.5")
    assert other("import", path, "--into", "deal", "--json").json["created"] == len(rows)
    (deal,) = [one for one in other("deal", "list", "--json").json if one["source"] == "site"]
    assert deal["expected_close"] == "2026-12-01"


def test_names_of_what_may_not_be_read_do_not_go_out(filled: CommandLine) -> None:
    filled("user", "add", "Ольга", "--login", "olga", "--role", "admin")
    filled("user", "add", "Иван", "--login", "ivan", "--role", "manager")
    filled("deal", "assign", 1, "ivan")
    access = filled.root / "config" / "access.yaml"
    access.write_text(access.read_text(encoding="utf-8").replace("read: all", "read: own"), encoding="utf-8")
    rows = rows_of(filled("export", "deal", "--names", user="ivan").out)
    assert [row["company"] for row in rows if row["id"] == "1"] == ["company/1"]


def _documents(line: CommandLine, noun: str) -> list[dict[str, object]]:
    docs = line(noun, "list", "--json").json
    kept = ("updated", "rev", "phones_typed")
    return [{name: value for name, value in doc.items() if name not in kept} for doc in docs]
