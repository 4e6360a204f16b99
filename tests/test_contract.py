"""The contract of the command line: nouns with their fields and verbs, other commands, and the main job as a script.

What holds everywhere (output, exit codes, bulk, pipes …) is in `tests/contract/`, a file a subject.
"""

from __future__ import annotations

import pytest

from tests.command_line import CommandLine, every_command
from tests.contract.world import fill, statement

COMMON = ["id", "ref", "rev", "created", "updated"]
VERBS = ["add", "list", "show", "set", "delete", "restore", "history"]
NOUNS: dict[str, tuple[str, str]] = {
    "lead": (
        "name stage quality junk_reason source phones emails company_name contact_name amount comment score"
        " converted_to",
        "move qualify reject convert assign",
    ),
    "contact": (
        "name first_name last_name middle_name phones emails position roles companies birthday comment",
        "merge forget",
    ),
    "company": ("name legal_name tax_ids bank addresses phones emails industry contacts classifiers", "merge"),
    "deal": (
        "title pipeline stage amount type direction source company contacts lead items probability expected_close"
        " closed outcome lost_reason stage_since",
        "move win lose reopen assign link unlink merge",
    ),
    "activity": ("kind subject about due done result direction outcome duration points", "done postpone"),
    "product": ("sku name group unit price vat active", ""),
    "quote": ("number deal company contact items total vat status valid_until", "send accept decline pdf"),
    "invoice": (
        "number exchange_number deal quote company contact items total vat status due paid balance",
        "issue approve pay cancel send pdf",
    ),
    "payment": ("invoice amount date source reference", ""),
    "document": ("kind number date invoice deal company", "pdf verify"),
    "user": ("name login role department email active", "password token"),
}
COMMANDS = """
init accept my calendar find pipeline lint rules process report motivator control price segment mailing mailbox onec
bank import export duplicates trash log undo redo diff console user check doctor backup restore rebuild plugin events
"""
PARTS = {
    "pipeline": "list show check",
    "trash": "list restore purge",
    "plugin": "list show enable disable",
    "events": "list retry",
    "onec": "export",
    "bank": "import match",
}
OPTIONS = {
    "init": "--lang --currency --demo",
    "accept": "--phone --email --source",
    "my": "--day --user",
    "report": "--by --from --to --pipeline --owner",
    "motivator": "--day --month --user --department --what-if",
    "import": "--as --into --map --match --mode",
    "export": "-o",
    "log": "--user --ref --since",
    "undo": "--ref",
    "diff": "--from --to",
    "console": "--port --no-browser",
    "check": "--repair",
    "price": "--group --pdf --send",
    "lead reject": "--reason",
    "deal lose": "--reason",
    "activity done": "--result",
}
SINGULAR = {"phones": "phone", "emails": "email", "contacts": "contact", "companies": "company", "items": "item"}
BY_VERBS_ONLY = {
    "lead": {"score", "converted_to"},
    "company": {"contacts"},
    "deal": {"outcome", "stage_since"},
    "activity": {"done", "points"},
    "quote": {"number", "total", "vat", "status"},
    "invoice": {"number", "exchange_number", "total", "vat", "status", "paid", "balance"},
    "document": {"number", "date", "deal", "company"},
}
"""Fields that the program keeps: a verb changes them, no option does."""


def names() -> set[str]:
    return {one.name for one in every_command()}


@pytest.mark.parametrize("noun", NOUNS)
def test_a_record_has_its_fields_by_name(line: CommandLine, noun: str) -> None:
    fill(line)
    doc = line(noun, "list", "--json", "--limit", 1).json[0]
    assert list(doc)[:5] == COMMON
    owned = [] if noun in ("product", "user") else ["owner"]
    assert {*COMMON, *owned, *NOUNS[noun][0].split()} <= doc.keys()


@pytest.mark.parametrize("noun", NOUNS)
def test_a_noun_has_its_verbs(noun: str) -> None:
    wanted = {f"{noun} {verb}" for verb in [*VERBS, *NOUNS[noun][1].split()]}
    assert wanted - names() == set()


@pytest.mark.parametrize("noun", NOUNS)
def test_add_has_an_option_for_every_field(noun: str) -> None:
    add = next(one for one in every_command() if one.name == f"{noun} add")
    arguments = {param.name for param in add.command.params if param.param_type_name == "argument"}
    for field in NOUNS[noun][0].split():
        if field in BY_VERBS_ONLY.get(noun, ()) or field in arguments:
            continue
        options = {
            f"--{field.replace('_', '-')}",
            f"--{SINGULAR.get(field, field.removesuffix('s'))}",
            f"--{field[:-2]}",
        }
        assert add.has(*options), f"{noun} add has no option for {field}"
    assert add.has("--set")
    if noun not in ("product", "user"):
        assert add.has("--owner")


def test_the_other_commands_are_there() -> None:
    tops = {one.words[0] for one in every_command()}
    assert set(COMMANDS.split()) - tops == set()
    for command, verbs in PARTS.items():
        assert {f"{command} {verb}" for verb in verbs.split()} - names() == set()


@pytest.mark.parametrize("command", list(OPTIONS))
def test_a_command_has_its_options(command: str) -> None:
    found = next(one for one in every_command() if one.name == command)
    for option in OPTIONS[command].split():
        assert found.has(option), f"{command} {option}"


JOB = """
set -e
crm init shop --lang ru --currency RUB && cd shop
L=$(crm lead add "Москва, Василий, щебень" --phone "8 916 123-45-67" --email v@example.ru --source site --ids)
crm lead qualify $L
D=$(crm lead convert $L --company "ООО Ромашка" --deal --amount 26905 --ids)
crm company set 1 inn=7800000027 kpp=780001001
crm activity add call "Уточнить объём" --about deal/$D --due tomorrow
crm deal move $D proposal
crm product add "Щебень 5-20" --sku SCH520 --unit т --price 1750 --vat 22
Q=$(crm quote add --deal $D --item SCH520*10 --item "Доставка*1@9405" --ids)
crm quote accept $Q
I=$(crm invoice issue --quote $Q --ids)
crm invoice pdf $I -o invoice.pdf
crm onec export -o orders.xml
crm bank import ../statement.txt
crm document add act --invoice $I
crm deal win $D
crm report funnel --json > funnel.json
crm undo && crm redo
crm check
"""


def test_the_main_job(line: CommandLine) -> None:
    """Run the script of the contract in processes, from the first request to the closed deal."""
    paid = statement("26905.00", "Оплата по счету 1 за щебень, в т.ч. НДС")
    (line.root.parent / "statement.txt").write_bytes(paid)
    line.root = line.root.parent
    ended = line.shell(JOB.replace("cd shop", "cd shop2").replace("init shop", "init shop2"))
    assert ended.code == 0, ended
    shop = CommandLine(line.root / "shop2")
    deal, invoice = shop.show("deal/1"), shop.show("invoice/1")
    assert (deal["outcome"], deal["amount"]["amount"]) == ("won", "26905.00")
    assert (invoice["status"], invoice["balance"]["amount"]) == ("paid", "0.00")
    stages = [step["stage"] for step in deal["stage_log"]]
    assert stages == ["new", "proposal", "invoice", "signing"], "goals moved the deal when it was accepted and paid"
    assert (shop.root / "invoice.pdf").read_bytes().startswith(b"%PDF")
    assert "ООО Ромашка" in (shop.root / "orders.xml").read_bytes().decode("utf-8", "replace")
    assert shop.show("document/1")["invoice"] == "invoice/1"
    shop("check")
