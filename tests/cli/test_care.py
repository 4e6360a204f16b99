"""`crm check`, `crm doctor`, `crm rebuild`, `crm backup`, `crm restore`: the care of the data, as it is typed."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tinydb import TinyDB, where

from tests.command_line import CommandLine, environment


def edit(line: CommandLine, old: str, new: str, table: str = "deals") -> None:
    path = line.root / "data" / "tables" / table / "00000.json"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def add_deals(line: CommandLine) -> None:
    for title in ("Щебень", "Песок"):
        line("deal", "add", title, "--amount", 100)


def test_an_edit_by_hand_is_named_with_file_line_record_and_both_values(line: CommandLine) -> None:
    add_deals(line)
    edit(line, "Песок", "Гравий")
    said = line("check", code=8)
    assert said.lines[1] == "data/tables/deals/00000.json\t4\tdeal/2\tEdited by hand: title: Песок → Гравий"
    assert "Take the edits over as a change: crm check --repair. Drop them: crm rebuild" in said.err
    assert "Edited by hand: title: Песок → Гравий" in line("doctor", code=8).out
    assert line("deal", "set", 1, "comment=x", code=8).err.count("edited by hand") == 1


def test_an_edit_by_hand_is_taken_over_as_a_change_and_undone_as_one(line: CommandLine) -> None:
    add_deals(line)
    edit(line, "Песок", "Гравий")
    assert "deal/2: the edit by hand was adopted: title." in line("check", "--repair").out
    assert line("deal", "history", 2, "--json").json[0]["command"] == "check --repair"
    assert line.show("deal/2")["title"] == "Гравий"
    line("undo")
    assert line.show("deal/2")["title"] == "Песок"
    line("check")


def test_an_edit_that_does_not_fit_is_refused_in_words(line: CommandLine) -> None:
    add_deals(line)
    edit(line, '"amount":{"amount":"100.00","currency":"RUB"}', '"amount":"much"')
    said = line("check", "--repair").out
    assert "deal/1: the edit by hand was not adopted" in said
    assert line.show("deal/1")["amount"] == {"amount": "100.00", "currency": "RUB"}
    line("check")


def test_an_edit_by_hand_is_dropped(line: CommandLine) -> None:
    add_deals(line)
    edit(line, "Песок", "Гравий")
    line("rebuild")
    line("check")
    assert line.show("deal/2")["title"] == "Песок"


def test_a_table_is_read_and_written_by_stock_tinydb(line: CommandLine) -> None:
    add_deals(line)
    with TinyDB(line.root / "data" / "tables" / "deals" / "00000.json") as db:
        deals = db.table("deals")
        assert [deal["title"] for deal in deals.search(where("stage") == "new")] == ["Щебень", "Песок"]
        deals.update({"title": "Гравий"}, where("id") == 2)
    assert line("check", code=8).lines[1].endswith("deal/2\tEdited by hand: title: Песок → Гравий")
    line("check", "--repair")
    assert line.show("deal/2")["title"] == "Гравий"


@contextmanager
def console(line: CommandLine) -> Iterator[subprocess.Popen[str]]:
    """Run the console until it has printed its link."""
    words = [sys.executable, "-m", "crm", "console", "--no-browser", "--port", "0"]
    with subprocess.Popen(
        words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=line.root, env=environment()
    ) as server:
        assert server.stdout is not None
        assert server.stdout.readline().startswith("http://127.0.0.1:")
        yield server
        server.terminate()


def said_by(server: subprocess.Popen[str]) -> str:
    server.terminate()
    assert server.stderr is not None
    return server.stderr.read()


def test_the_console_names_edits_by_hand_when_it_starts(line: CommandLine) -> None:
    add_deals(line)
    with console(line) as server:
        assert said_by(server) == ""
    edit(line, "Песок", "Гравий")
    with console(line) as server:
        said = said_by(server)
    assert "data/tables/deals/00000.json:4: deal/2: Edited by hand: title: Песок → Гравий" in said
    assert "crm check --repair" in said


def test_a_look_reads_only_files_that_were_written_since(line: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    from crm import open_workspace
    from crm.store import check_tables, seen
    from crm.store.tables import TableFile

    add_deals(line)
    read: list[str] = []
    real = check_tables.sound

    def sound(data: bytes, like: TableFile) -> TableFile | None:
        read.append(like.plural)
        return real(data, like)

    monkeypatch.setattr(seen, "sound", sound)
    with open_workspace(line.root, actor="olga") as crm:
        assert seen.strange_files(crm.store) == []
        assert "deals" in read
        read.clear()
        assert seen.strange_files(crm.store) == []
        assert read == []
        edit(line, "Песок", "Весок")  # the same size
        assert seen.strange_files(crm.store) == ["data/tables/deals/00000.json"]
        assert read == ["deals"]


def test_the_console_empties_the_trash_of_what_lay_there_too_long(line: CommandLine) -> None:
    add_deals(line)
    line("deal", "delete", 1)
    settings = line.root / "config" / "crm.yaml"
    with console(line) as server:
        assert said_by(server) == ""
    assert len(line("trash", "--ids").lines) == 1
    text = settings.read_text(encoding="utf-8")
    assert "trash_days: 30" in text
    settings.write_text(text.replace("trash_days: 30", "trash_days: 0"), encoding="utf-8")
    with console(line) as server:
        assert "1 record that lay in the trash too long was removed; back with: crm undo" in said_by(server)
    line("deal", "show", 1, code=3)
    line("undo")
    assert line.show("deal/1")["title"] == "Щебень"


def test_the_doctor_speaks_the_language_that_was_asked_for(line: CommandLine) -> None:
    assert "data: whole" in line("doctor").out
    assert "данные: целы" in line.bare("-w", line.root, "--lang", "ru", "doctor").out


def test_the_doctor_sees_a_clock_that_jumped(line: CommandLine) -> None:
    from crm import open_workspace

    with open_workspace(line.root, actor="olga") as crm:
        crm.store.clock = lambda: "2091-01-01T00:00:00+00:00"
        crm.leads.add(name="Из будущего")
    assert "!!  clock: the last change is of 2091-01-01T00:00:00+00:00" in line("doctor", code=8).out
    line("lead", "add", "Следующий")
    line("check")


def test_a_backup_is_restored_into_the_folder_one_stands_in(line: CommandLine, tmp_path: Path) -> None:
    add_deals(line)
    backup = tmp_path / "shop.zip"
    line("backup", backup)
    here = tmp_path / "here"
    here.mkdir()
    restored = line.process("restore", backup, ".", cwd=here)
    assert (restored.code, restored.err) == (0, "")
    assert json.loads(line.process("deal", "list", "--json", cwd=here).out)[1]["title"] == "Песок"
    assert line.process("restore", backup, ".", cwd=here).code == 5


def test_data_of_a_newer_program_is_refused_by_every_command(line: CommandLine) -> None:
    add_deals(line)
    (line.root / "data" / "format").write_text("99\n")
    before = line.journal()
    for words in (["deal"], ["deal", "add", "A"], ["check"], ["check", "--repair"], ["rebuild"], ["backup", "x.zip"]):
        assert "The data has format 99, this program knows" in line(*words, code=8).err
    assert line.journal() == before


def test_data_of_a_format_that_nobody_can_bring_up_is_refused(line: CommandLine) -> None:
    (line.root / "data" / "format").write_text("0\n")
    assert "cannot read data of the format 0" in line("deal", code=8).err


OLDER = """
from crm import entrance, migration
from crm.cli.main import run

entrance.FORMAT = 2
migration.STEPS[1] = lambda root: (root / "data" / "brought-up").write_text("yes")
raise SystemExit(run(["deal", "list", "--ids"]))
"""


def test_data_of_an_older_program_is_backed_up_and_brought_up(line: CommandLine, tmp_path: Path) -> None:
    """The program of tomorrow, whose format is 2, opens what this one wrote."""
    add_deals(line)
    (line.root / "data" / "format").write_text("1\n")
    done = subprocess.run(
        [sys.executable, "-c", OLDER], capture_output=True, text=True, cwd=line.root, env=environment(), check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "1\n2\n", "")
    assert (line.root / "data" / "format").read_text() == "2\n"
    assert (line.root / "data" / "brought-up").exists()
    assert line("deal", code=8).err.startswith("crm: The data has format 2")
    line.bare("restore", line.root / "data" / "backups" / "format-1.zip", tmp_path / "before")
    assert line.bare("-w", tmp_path / "before", "deal", "list", "--ids").out == "1\n2\n"


def test_a_stale_edit_is_refused_with_both_values_as_people_write_them(line: CommandLine) -> None:
    add_deals(line)
    line("deal", "set", 1, "amount=200", "comment=да")
    refused = line("deal", "set", 1, "amount=300", "--rev", 1, code=6).err
    assert "«amount» was changed meanwhile: it is «200.00 RUB» now, you wrote «300.00 RUB»" in refused
    line("deal", "set", 1, "title=Гравий", "--rev", 1)
    line("deal", "set", 1, "comment=")
    assert "it is «—» now" in line("deal", "set", 1, "comment=нет", "--rev", 1, code=6).err
    assert (line.show("deal/1")["title"], line.show("deal/1")["amount"]["amount"]) == ("Гравий", "200.00")


def test_a_diff_backwards_is_refused(line: CommandLine) -> None:
    add_deals(line)
    assert "before the first" in line("diff", "--from", "tomorrow", "--to", "2020-01-01", code=4).err
