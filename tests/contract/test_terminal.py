"""What a person at a terminal reads: titles, names, local times; a pipe gets the values as they are stored."""

from __future__ import annotations

import os
import pty
import sys

import pytest

from tests.command_line import CommandLine, environment


def at_a_terminal(line: CommandLine, *words: str, width: int = 160) -> str:
    """Run a command of its own at a pseudo-terminal and return what it shows."""
    env = environment() | {"CRM_HOME": str(line.root), "CRM_USER": "olga", "COLUMNS": str(width), "TERM": "xterm"}
    env |= {"CRM_LANG": "ru", "PYTHONIOENCODING": "utf-8"}
    child, screen = pty.fork()
    if child == 0:
        os.execve(sys.executable, [sys.executable, "-m", "crm", *words], env)
    shown = b""
    while chunk := _read(screen):
        shown += chunk
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0, shown.decode()
    os.close(screen)
    return shown.decode()


def _read(screen: int) -> bytes:
    try:
        return os.read(screen, 65536)
    except OSError:  # the other end is closed
        return b""


@pytest.fixture
def shop(line: CommandLine) -> CommandLine:
    line("company", "add", "ООО Ромашка")
    line("deal", "add", "Щебень", "--company", 1, "--amount", "26905", "--stage", "proposal", "--type", "upsale")
    line("activity", "add", "call", "Набрать", "--about", "deal/1", "--due", "2026-12-01 15:00")
    line("lead", "add", "Олег", "--phone", "8 916 123-45-67", "--source", "site")
    return line


@pytest.mark.parametrize(
    ("words", "seen"),
    [
        (["deal"], ["Ответственный", "Выставлено КП", "26 905,00", "ООО Ромашка (company/1)"]),
        (["deal", "show", "1"], ["deal/1  Щебень", "Допродажа", "ООО Ромашка (company/1)", "Продажи"]),
        (["lead", "show", "1"], ["+7 916 123-45-67", "Сайт", "Новый"]),
        (["activity"], ["Звонок", "Щебень (deal/1)", "2026-12-01 15:00", "нет"]),
        (["my"], ["Звонок", "2026-12-01 15:00"]),
        (["deal", "list", "--where", "title = нет"], ["Ничего не найдено."]),
    ],
)
def test_a_person_reads_titles_and_names(shop: CommandLine, words: list[str], seen: list[str]) -> None:
    shown = at_a_terminal(shop, *words).replace("\u00a0", " ")
    assert [text for text in seen if text not in shown] == []
    assert "phones_typed" not in shown
    assert "stage_log" not in shown


def test_a_pipe_gets_what_is_stored(shop: CommandLine) -> None:
    head, row = shop("deal").lines
    assert head.split("\t")[:4] == ["id", "owner", "title", "stage"]
    assert row.split("\t")[:6] == ["1", "olga", "Щебень", "proposal", "26905.00 RUB", "company/1"]


def test_a_terminal_shows_fifty_and_says_so(line: CommandLine) -> None:
    rows = "\n".join(f"Сделка {number}" for number in range(60))
    (line.root / "deals.csv").write_text("title\n" + rows + "\n", encoding="utf-8")
    line("import", line.root / "deals.csv", "--into", "deal")
    assert "Сделка 49" in at_a_terminal(line, "deal")
    assert "Сделка 50" not in at_a_terminal(line, "deal")
    assert "Сделка 59" in at_a_terminal(line, "deal", "list", "--all")
    assert len(line.ids("deal")) == 60


def test_a_narrow_terminal_shows_records_as_blocks(shop: CommandLine) -> None:
    shown = at_a_terminal(shop, "deal", width=40).splitlines()
    assert shown[0] == "id 1"
    assert "  Название: Щебень" in shown
    assert "  Этап: Выставлено КП" in shown


def test_the_card_of_a_client_names_his_deals(shop: CommandLine) -> None:
    assert "Щебень (deal/1)" in at_a_terminal(shop, "company", "show", "1")
    assert shop.show("company/1")["deals"] == ["deal/1"]
    shop("contact", "add", "Иван")
    shop("deal", "link", 1, "contact/1")
    assert shop.show("contact/1")["deals"] == ["deal/1"]


def test_a_group_says_how_it_is_called_in_the_language_at_hand(shop: CommandLine) -> None:
    assert "Вызов: crm deal [ПАРАМЕТРЫ] ДЕЙСТВИЕ …" in shop("--lang", "ru", "deal", "--help").out
