"""Lists and their options: --where, --owner, --stage, --sort, --limit, --all, --trash, --as-of."""

from __future__ import annotations

import pytest

from tests.command_line import CommandLine


@pytest.fixture
def deals(line: CommandLine) -> CommandLine:
    for title, amount, stage, owner in (
        ("A", "100", "new", "olga"),
        ("B", "2000", "new", "petr"),
        ("C", "3000", "proposal", "olga"),
        ("D", "400", "proposal", "petr"),
    ):
        line("deal", "add", title, "--amount", amount, "--stage", stage, "--owner", owner)
    return line


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        (["--where", 'amount > 1000 and stage = "new"'], [2]),
        (["--where", "amount > 1000", "--where", "stage = new"], [2]),
        (["--where", "amount > 1000", "--where", 'owner = "olga"'], [3]),
        (["--where", "amount >= 400 and amount <= 2000"], [2, 4]),
        (["--where", "stage = proposal or amount = 100"], [1, 3, 4]),
        (["--owner", "petr"], [2, 4]),
        (["--owner", "me"], [1, 3]),
        (["--stage", "proposal"], [3, 4]),
        (["--stage", "Quote sent"], [3, 4]),
        (["--stage", "new", "--owner", "olga"], [1]),
        (["--sort", "amount"], [1, 4, 2, 3]),
        (["--sort", "-amount"], [3, 2, 4, 1]),
        (["--sort", "stage,-amount"], [2, 1, 3, 4]),
        (["--sort", "-amount", "--limit", "2"], [3, 2]),
        (["--limit", "0"], []),
        (["--all"], [1, 2, 3, 4]),
        (["--trash"], []),
    ],
)
def test_a_list_is_narrowed(deals: CommandLine, words: list[str], ids: list[int]) -> None:
    assert deals.ids("deal", "list", *words) == ids
    assert deals.ids("deal", *words) == ids, "`crm NOUN` is `crm NOUN list`"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--where", "amount >"], 2),
        (["--where", "nonsense = 1"], 4),
        (["--sort", "nonsense"], 4),
        (["--stage", "nonsense"], 4),
        (["--limit", "many"], 2),
        (["--as-of", "once upon"], 4),
    ],
)
def test_a_wrong_filter_is_told_and_prints_nothing(deals: CommandLine, words: list[str], code: int) -> None:
    ended = deals("deal", "list", *words, code=code)
    assert ended.out == ""


def test_the_noun_alone_lists(deals: CommandLine) -> None:
    for noun in ("lead", "contact", "company", "deal", "activity", "product", "quote", "invoice", "payment", "user"):
        assert deals(noun).out == deals(noun, "list").out


def test_what_is_deleted_is_in_the_trash_alone(deals: CommandLine) -> None:
    deals("deal", "delete", 1)
    assert deals.ids("deal") == [2, 3, 4]
    assert deals.ids("deal", "list", "--trash") == [1]
    assert deals.ids("deal", "--trash", "--where", "amount < 1000") == [1]
    assert deals("deal", "show", 1, "--json").json["deleted"]
    assert deals("trash", "list", "--json").json[0]["ref"] == "deal/1"
    deals("deal", "restore", 1)
    assert deals.ids("deal", "list", "--trash") == []


def test_every_read_takes_as_of(line: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    from datetime import UTC, datetime, timedelta

    from crm import open_workspace

    with open_workspace(line.root, actor="olga") as crm:
        now = datetime.now(UTC)
        moments = iter([now - timedelta(days=2), now - timedelta(days=1)])
        monkeypatch.setattr(crm.store, "now", lambda: next(moments).isoformat(timespec="seconds"))
        crm.deals.add(title="Щебень", stage="new")
        crm.deals.move(1, "proposal")
    before = (now - timedelta(days=1, hours=1)).isoformat()
    assert line("deal", "show", 1, "--json", "--as-of", before).json["stage"] == "new"
    assert line("deal", "show", 1, "--json").json["stage"] == "proposal"
    assert line.ids("deal", "list", "--stage", "new", "--as-of", before) == [1]
    assert line.ids("deal", "list", "--as-of", (now - timedelta(days=3)).date().isoformat()) == []
    assert line.ids("find", "Щебень", "--as-of", before) == [1]
    assert line("my", "--as-of", before, "--json").json == []
    line("deal", "show", 1, "--as-of", (now - timedelta(days=3)).date().isoformat(), code=3)


def test_show_takes_several_and_refs(deals: CommandLine) -> None:
    assert [doc["id"] for doc in deals("deal", "show", 2, "deal/3", "--json").json] == [2, 3]
    assert deals("deal", "show", "-", "--ids", stdin="1\ndeal/2\n").out == "1\n2\n"


def test_nothing_found_is_said_on_a_terminal_alone(deals: CommandLine) -> None:
    ended = deals("deal", "list", "--owner", "nobody")
    assert len(ended.lines) == 1
    assert deals("find", "ничего такого нет").code == 0


def test_a_read_commits_nothing_and_writes_no_truth(deals: CommandLine) -> None:
    truth = deals.journal()
    tables = {path: path.read_bytes() for path in (deals.root / "data" / "tables").rglob("*.json")}
    for words in (["deal"], ["deal", "show", 1], ["log"], ["my"], ["find", "A"], ["pipeline"], ["deal", "history", 1]):
        deals(*words)
    assert deals.journal() == truth
    assert {path: path.read_bytes() for path in (deals.root / "data" / "tables").rglob("*.json")} == tables
