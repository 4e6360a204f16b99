"""`--dry-run` on every command that writes: the change is shown, nothing is committed; without it, it is."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.command_line import CommandLine, every_command
from tests.conftest import make_workspace
from tests.contract.world import fill

NOUNS = {
    "lead": ("1", "3", "comment=да", ["Олег"]),
    "contact": ("1", "3", "comment=да", ["Олег"]),
    "company": ("2", "3", "comment=да", ["ООО Лютик"]),
    "deal": ("1", "4", "comment=да", ["Плитка"]),
    "activity": ("1", "4", "result=да", ["task", "Плитка"]),
    "product": ("1", "2", "comment=да", ["Плитка"]),
    "user": ("2", "3", "email=petr@example.ru", ["Анна", "--login", "anna"]),
    "quote": ("1", "2", "comment=да", ["--deal", "1", "--item", "SCH520*1"]),
    "invoice": ("2", "4", "comment=да", ["--company", "company/1", "--item", "SCH520*1"]),
    "payment": ("1", "2", "reference=77", ["--set", "invoice=invoice/1", "--set", "amount=10"]),
    "document": ("1", "2", "owner=petr", ["act", "--invoice", "1"]),
    "segment": ("1", "2", "name=Не все", ["Новый", "--where", "id > 1"]),
    "process": ("1", "2", "owner=petr", ["signing", "--about", "deal/1"]),
    "absence": ("1", "2", "reason=trip", ["2027-01-11", "2027-01-12"]),
    "routine": ("1", "2", "time=11:00", ["Счета", "--every", "week"]),
    "mailing": ("1", "2", "subject=Да", ["Ещё", "--segment", "1", "--subject", "Да", "--template", "Да"]),
}
"""For each noun: a record to change, one in the trash (made for it), an edit, and the words of a new one."""

WORDS: dict[str, list[str]] = {
    "lead move": ["2", "in_work"],
    "lead rescore": [],
    "lead qualify": ["2"],
    "lead reject": ["2", "--reason", "spam"],
    "lead convert": ["1", "--company", "ООО Лютик", "--deal"],
    "lead assign": ["1", "petr"],
    "lead merge": ["1", "2"],
    "contact merge": ["1", "2"],
    "contact assign": ["1", "petr"],
    "contact forget": ["2", "--yes"],
    "forget": ["contact/2", "--yes"],
    "company merge": ["1", "2"],
    "company assign": ["1", "petr"],
    "deal move": ["1", "qualified"],
    "deal win": ["1"],
    "deal lose": ["1", "--reason", "price"],
    "deal reopen": ["3"],
    "deal assign": ["1", "petr"],
    "deal share": ["1", "petr"],
    "deal unshare": ["3", "petr"],
    "deal link": ["2", "contact/2"],
    "deal unlink": ["1", "contact/1"],
    "deal merge": ["1", "2"],
    "deal tick": ["1", "measured"],
    "activity done": ["1"],
    "activity postpone": ["1", "2027-01-01"],
    "activity assign": ["1", "petr"],
    "rules run": [],
    "rules enable": ["sleeping"],
    "rules disable": ["nightly"],
    "parcel delete": ["1"],
    "parcel restore": ["1"],
    "parcel retry": ["1"],
    "parcel send": ["1"],
    "call delete": ["1"],
    "call restore": ["1"],
    "routine starter": [],
    "routine plan": [],
    **{f"reminder {verb}": ["1"] for verb in ("delete", "restore")},
    "site_notice send": [],
    "site_notice retry": ["1"],
    "message reply": ["1", "--text", "Да"],
    "message retry": ["1", "--sent"],
    **{
        f"{noun} {verb}": ["1"] for noun in ("site_request", "site_notice", "message") for verb in ("delete", "restore")
    },
    "calendar_feed make": [],
    "calendar_feed revoke": [],
    "activity ics": ["{root}/meeting.ics"],
    **{f"{noun} {verb}": ["1"] for noun in ("calendar_feed", "invitation") for verb in ("delete", "restore")},
    "process start": ["signing", "--about", "deal/1"],
    "process do": ["1"],
    "process cancel": ["1"],
    "user password": ["petr"],
    "user token": ["petr"],
    "accept": ["Фёкла, 8 916 777-77-77"],
    "pipeline rename": ["qualified", "Трудимся"],
    "pipeline reorder": ["qualified"],
    "pipeline add-stage": ["check", "Проверка"],
    "plugin disable": ["motivator"],
    "plugin enable": ["goals"],
    "import": ["{root}/leads.csv", "--into", "lead"],
    "undo": [],
    "redo": [],
    "trash purge": ["--days", "0"],
    "trash restore": ["deal/4"],
    "quote send": ["1"],
    "quote accept": ["1"],
    "quote decline": ["1"],
    "quote revise": ["1", "discount=5%"],
    "price": ["--send", "contact/1"],
    "invoice issue": ["2"],
    "invoice submit": ["2"],
    "invoice approve": ["2"],
    "invoice send": ["1"],
    "invoice cancel": ["1"],
    "invoice pay": ["1"],
    "invoice deal": ["3"],
    "invoice asked": ["--about", "deal/1"],
    "invoice reject": ["2"],
    "invoice refund": ["3", "--amount", "50"],
    "invoice use-advance": ["1", "--from", "3"],
    "onec export": ["-o", "{root}/orders.xml"],
    "onec import": ["{root}/reply.xml"],
    "onec connect": ["buh"],
    "onec disconnect": ["warehouse"],
    "document prepare": ["--invoice", "3"],
    "document sign": ["1"],
    "document refill": ["2"],
    "bank import": ["{root}/statement.txt"],
    "bank match": ["1", "1"],
    "bank ignore": ["1"],
    **{f"bank {verb}": ["2"] for verb in ("confirm", "reject", "unmatch")},
    "bank rematch": [],
    "mailing unsubscribe": ["anna@example.ru"],
    "mailing send": ["1"],
    "mailing test": ["1", "--to", "me@example.ru"],
    "mailing resume": ["1"],
    "mailing pause": ["1"],
    "mailing bounce": ["x"],
    "mailing schedule": ["1"],
    "mailing unpark": ["x@example.ru"],
    "segment put": ["1", "contact/1"],
    "segment drop": ["1", "contact/1"],
    "segment freeze": ["1"],
    "segment starter": [],
    "letter send": ["--to", "anna@example.ru", "--subject", "Да", "--text", "Да"],
    "letter reply": ["1", "--text", "Да"],
    "letter task": ["1"],
    "letter bind": ["1", "deal/1"],
    "letter retry": [],
    **{f"{noun} add": [] for noun in ("letter", "mailbox")},
    **{f"{noun} set": ["1", "about=deal/1"] for noun in ("letter", "mailbox")},
    **{f"{noun} {verb}": ["1"] for noun in ("letter", "mailbox") for verb in ("delete", "restore")},
    "mailbox fetch": [],
}
PASSING_BY = {
    "init": "there is nothing yet that could be shown",
    "backup": "writes a file beside the workspace, no record",
    "restore": "writes a new folder, no record",
    "rebuild": "writes nothing that is not in the journal",
    "check": "--repair is asked for and reports what it does",
    "events retry": "tells again what was committed long ago",
    "completion": "prints a script",
    "console": "serves pages",
    "doctor": "looks only",
    "plugin new": "writes a file that is not there",
    "plugin test": "looks only",
    "tick": "does what is due, or does it not",
    "letter save": "writes files beside the workspace, no record",
}
"""Commands that write no record and no setting, and why they take no `--dry-run`."""
BEFORE = {
    "invoice submit": [["invoice", "issue", "2"]],
    "invoice approve": [["invoice", "issue", "2"], ["invoice", "submit", "2"]],
    "invoice reject": [["invoice", "issue", "2"], ["invoice", "submit", "2"]],
    "invoice use-advance": [["invoice", "pay", "3", "--amount", "5000"]],
    "segment drop": [["segment", "put", "1", "contact/1"]],
    "redo": [["undo"]],
    "bank confirm": [["bank", "import", "{root}/doubt.txt"]],
    "bank reject": [["bank", "import", "{root}/doubt.txt"]],
    "bank unmatch": [["bank", "import", "{root}/doubt.txt"], ["bank", "match", "2", "invoice/1"]],
    "bank rematch": [["bank", "import", "{root}/doubt.txt"], ["invoice", "pay", "1"]],
    "plugin enable": [["plugin", "disable", "goals"]],
    "document refill": [["document", "add", "contract", "--deal", "1"], ["document", "set", "2", "text=Иначе"]],
    "onec disconnect": [["onec", "connect", "warehouse"]],
    "parcel restore": [["parcel", "delete", "1"]],
    "call restore": [["call", "delete", "1"]],
    **{f"calendar_feed {verb}": [["calendar_feed", "make"]] for verb in ("revoke", "delete")},
    "calendar_feed restore": [["calendar_feed", "make"], ["calendar_feed", "delete", "1"]],
    "invitation delete": [["activity", "ics", "{root}/meeting.ics"]],
    "invitation restore": [["activity", "ics", "{root}/meeting.ics"], ["invitation", "delete", "1"]],
}
NEEDS_MAIL = (
    {
        "price",
        "parcel send",
        "mailing send",
        "mailing test",
        "mailing resume",
        "mailing pause",
        "mailing bounce",
        "mailing unpark",
        "lead rescore",
    }
    | {f"letter {verb}" for verb in ("send", "reply", "task", "bind", "retry", "add", "set", "delete", "restore")}
    | {"site_notice send", "site_notice retry", "message reply", "message retry"}
    | {f"{noun} {verb}" for noun in ("site_request", "site_notice", "message") for verb in ("delete", "restore")}
    | {f"reminder {verb}" for verb in ("delete", "restore")}
    | {f"mailbox {verb}" for verb in ("fetch", "add", "set", "delete", "restore")}
)
"""Commands that go to a mail server, or wait for a clock; what they commit is tested in tests/plugins."""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a workspace with something of every noun, to be copied."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {"CRM_PLUGINS": "", "CRM_USER": "olga", "CRM_LANG": "en"}.items():
            patch.setenv(name, value)
        return fill(CommandLine(make_workspace(tmp_path_factory.mktemp("world") / "shop"))).root


@pytest.fixture
def copied(world: Path, line: CommandLine) -> CommandLine:
    """Return the command line on a copy of the world."""
    shutil.rmtree(line.root)
    shutil.copytree(world, line.root)
    return line


def writing() -> list[str]:
    return [one.name for one in every_command() if one.has("--dry-run")]


def words_of(name: str, root: Path) -> list[list[str]]:
    """Return the commands that prepare for a command, and the command itself last."""
    noun, _space, verb = name.partition(" ")
    words = WORDS.get(name)
    before = list(BEFORE.get(name, []))
    if words is None:
        record, trashed, edit, new = NOUNS[noun]
        words = {"add": new, "set": [record, edit], "delete": [record], "restore": [trashed]}[verb]
        if verb == "restore":
            before = [[noun, "add", *new], [noun, "delete", trashed]]
    if noun in ("lead", "deal") and verb == "restore":
        before = []
    return [[word.replace("{root}", str(root)) for word in one] for one in [*before, [*name.split(), *words]]]


def settings_of(line: CommandLine) -> dict[str, bytes]:
    """Return what is kept beside the journal: settings, and the connections of exchanges."""
    files = [*(line.root / "config").glob("*.yaml"), *(line.root / "data" / "exchange").rglob("*.json")]
    return {path.name: path.read_bytes() for path in files}


@pytest.mark.parametrize("name", writing())
def test_dry_run_shows_and_commits_nothing(copied: CommandLine, name: str) -> None:
    *before, words = words_of(name, copied.root)
    for earlier in before:
        copied(*earlier)
    truth, settings, files = copied.journal(), settings_of(copied), sorted(copied.root.iterdir())
    said = copied(*words, "--dry-run", stdin="secret password\n", code=None if name in NEEDS_MAIL else 0)
    assert copied.journal() == truth
    assert settings_of(copied) == settings
    assert sorted(copied.root.iterdir()) == files
    if name in NEEDS_MAIL:
        assert said.code in (0, 2, 3, 4, 5, 9)
        return
    assert said.out
    copied(*words, stdin="secret password\n")
    assert (copied.journal(), settings_of(copied)) != (truth, settings), "without --dry-run it is done"


def test_every_command_that_writes_takes_dry_run(line: CommandLine) -> None:
    reading = ("--as-of",)
    left = {one.name: one for one in every_command() if not one.has("--dry-run") and not one.has(*reading)}
    assert left.keys() - PASSING_BY.keys() - READS == set()


READS = {
    "document template",
    "quote template",
    "pipeline list",
    "plugin list",
    "plugin show",
    "events list",
    "diff",
    "rules list",
}
"""Reads of what has no past: settings, plugins, what is on its way, the past itself."""
