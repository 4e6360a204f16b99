"""The documents: references are up to date, every snippet runs, every path they name is there."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from crm.hookspecs import HOOKS
from tests.command_line import PROJECT, CommandLine, environment, every_command
from tests.contract.world import statement

DOCS = PROJECT / "docs"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PAGES = sorted([*DOCS.glob("*.md"), PROJECT / "README.md"])


def blocks(page: str, language: str) -> list[str]:
    text = (DOCS / page).read_text(encoding="utf-8")
    return [code for found, code in BLOCK.findall(text) if found == language]


@pytest.mark.parametrize("script", ["make_commands.py", "make_hooks.py"])
def test_what_is_generated_is_up_to_date(script: str) -> None:
    done = subprocess.run(
        [sys.executable, str(DOCS / script), "--check"], capture_output=True, text=True, env=environment(), check=False
    )
    assert done.returncode == 0, done.stderr


def test_every_command_is_in_the_reference() -> None:
    text = (DOCS / "commands.md").read_text(encoding="utf-8")
    for one in every_command():
        assert f"Usage: crm {one.name}" in text, one.name


def test_every_hook_is_in_the_page_for_authors() -> None:
    text = (DOCS / "plugins.md").read_text(encoding="utf-8")
    assert [name for name in HOOKS if f"| `{name}` |" not in text] == []


def test_every_file_of_settings_is_documented() -> None:
    text = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    assert [path.name for path in (PROJECT / "config").glob("*.yaml") if path.name not in text] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for link in re.findall(r"\]\((?!https?:|#)([^)#]+)", text):
        assert (page.parent / link).exists(), link


def test_where_changes_go_is_there() -> None:
    text = (DOCS / "maintainers.md").read_text(encoding="utf-8")
    paths = re.findall(r"`((?:crm|config|docs|tests|benchmarks)/[\w./-]*)`", text)
    assert [path for path in paths if not (PROJECT / path).exists()] == []
    rows = [row for row in text.splitlines() if row.startswith("| ") and "`" in row]
    assert len(rows) >= 20


def test_a_day_with_crm_runs(tmp_path: Path) -> None:
    """Run every command of the users' page, in its order, in one shell."""
    script = "\n".join(blocks("users.md", "sh"))
    (tmp_path / "statement.txt").write_bytes(statement("26905.00", "Оплата по счету 1"))
    line = CommandLine(tmp_path)
    line.user = "ivan"
    ended = line.shell(f"set -e\n{script.replace('bank import ', 'bank import ../')}")
    assert ended.code == 0, ended
    assert CommandLine(tmp_path / "shop").show("invoice/1")["status"] == "paid"


def test_what_scripts_may_rely_on_runs(line: CommandLine) -> None:
    line("deal", "add", "Щебень", "--amount", 5000)
    ended = line.shell("set -e\n" + "\n".join(blocks("scripts.md", "sh")))
    assert ended.code == 0, ended
    assert line.show("deal/1")["stage"] == "new", "the last command took the move back"


def test_the_page_of_history_and_care_runs(line: CommandLine) -> None:
    line("deal", "add", "Щебень", "--amount", 5000)
    ended = line.shell("set -e\n" + "\n".join(blocks("care.md", "sh")))
    assert ended.code == 0, ended
    assert line.show("deal/1")["title"] == "Щебень"


def test_the_promises_of_the_readme_run(line: CommandLine) -> None:
    """Run what the README shows at the prompt; its first block is what makes a new machine ready."""
    line("deal", "add", "Щебень", "--amount", "200000", "--stage", "proposal")
    line("deal", "add", "Песок")
    _start, prompt = blocks("../README.md", "sh")
    ended = line.shell("set -e\n" + prompt)
    assert ended.code == 0, ended
    assert line.show("deal/2")["stage"] == "new", "the last command took the move back"


@pytest.mark.parametrize("page", ["settings.md", "papers.md", "import.md"])
def test_the_commands_of_a_page_run(line: CommandLine, page: str) -> None:
    line("deal", "add", "Доставка")
    (line.root / "contacts.csv").write_text("name,phone\nИван Петров,8 916 123-45-67\n", encoding="utf-8")
    line("company", "add", "ООО Ромашка", "--inn", "7800000027")
    line("export", "company", "-o", line.root / "list.xlsx")
    (line.root / "deals.csv").write_text(_DEALS, encoding="utf-8")
    for text in blocks("import.md", "yaml"):
        (line.root / "deals.yaml").write_text(text, encoding="utf-8")
    ended = line.shell("set -e\n" + "\n".join(blocks(page, "sh")))
    assert ended.code == 0, ended


_DEALS = "Title;Client;State;Begun;Tags;Remarks\nЩебень;7800000027;Talks;01/02/26;Иван Петров;—\n"


def test_the_conditions_of_the_page_are_read(line: CommandLine) -> None:
    """Ask every form of the table; the field of one's own is added first."""
    fields = line.root / "config" / "fields.yaml"
    own = "\ndeal: [{name: delivery_date, type: date}]\n"
    fields.write_text(fields.read_text(encoding="utf-8").replace("\ndeal: []\n", own), encoding="utf-8")
    line("company", "add", "ООО Ромашка")
    line("contact", "add", "Иван Петров")
    table = (DOCS / "scripts.md").read_text(encoding="utf-8").partition("## Conditions")[2].partition("## Env")[0]
    forms = [form for row in table.splitlines() for form in re.findall(r"`([^`]+ [^`]+)`", row.partition(" | ")[0])]
    assert len(forms) > 18
    nouns = {"phones": "contact", "inn": "company", "done": "activity"}
    for form in forms:
        line(nouns.get(form.split()[0], "deal"), "list", "--where", form)


def test_exit_codes_are_those_of_the_failures() -> None:
    from crm import errors
    from crm.cli.main import INTERRUPTED

    text = (DOCS / "scripts.md").read_text(encoding="utf-8")
    told = {int(code) for code in re.findall(r"^\| (\d+) \|", text, re.MULTILINE)}
    classes = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.CrmError)]
    assert told == {0, INTERRUPTED, *(kind.exit_code for kind in classes)}


@pytest.fixture
def plugins(line: CommandLine, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    """Return a workspace with every plugin of the page for authors."""
    monkeypatch.delenv("CRM_PLUGINS")
    folder = line.root / "config" / "plugins"
    folder.mkdir()
    for name, code in zip(
        ["callback", "veto", "visits", "sleepers", "wrote", "warehouse", "sleeping", "calls"],
        blocks("plugins.md", "python"),
        strict=True,
    ):
        (folder / f"{name}.py").write_text(code, encoding="utf-8")
    return line


def test_the_plugins_of_the_page_are_on(plugins: CommandLine) -> None:
    states = {row["name"]: (row["state"], row["summary"]) for row in plugins("plugin", "list", "--json").json}
    assert states["callback"] == ("on", "Call every new lead back within a day.")
    assert {states[name][0] for name in ("callback", "veto", "visits", "sleepers")} == {"on"}
    assert plugins("deal").err == ""


def test_the_callback_calls_back(plugins: CommandLine) -> None:
    plugins("lead", "add", "Василий")
    doc = plugins.show("activity/1")
    assert (doc["kind"], doc["about"], doc["owner"]) == ("call", "lead/1", "olga")


def test_the_veto_stops_trainees(plugins: CommandLine) -> None:
    plugins("deal", "add", "Щебень")
    assert "trainee" in plugins("deal", "win", 1, user="trainee", code=5).err
    plugins("deal", "win", 1)


def test_the_noun_has_its_verbs_settings_and_commands(plugins: CommandLine) -> None:
    plugins("company", "add", "ООО Ромашка")
    assert plugins("visit", "add", "Замер", "--company", "Ромашка", "--day", "tomorrow").out.startswith("visit/1 Замер")
    assert plugins.show("visit/1")["minutes"] == 60
    plugins("visit", "longer", 1)
    plugins("undo")
    plugins("visit", "longer", 1)
    assert plugins("travel", "--json").json == [{"id": 1, "visits": 1, "minutes": 90}]
    assert plugins.ids("find", "Замер") == [1]
    (plugins.root / "config" / "visits.yaml").write_text("minutes: 20\n")
    plugins("visit", "add", "Договор")
    assert plugins.show("visit/2")["minutes"] == 20
    plugins("check")


def test_the_doctor_reads_the_settings_of_plugins(plugins: CommandLine) -> None:
    (plugins.root / "config" / "visits.yaml").write_text("minutes: many\n")
    said = plugins("doctor", code=8).out
    assert "visits.yaml" in said
    assert "minutes" in said


def test_the_page_lists_sleeping_deals(plugins: CommandLine) -> None:
    from crm import open_workspace

    plugins("deal", "add", "Щебень")
    with open_workspace(plugins.root, actor="olga") as crm:
        found = crm.plugins.get("sleepers")
        page = crm.plugins.contribution(found, "register_pages", "sleepers", "")
        panel = crm.plugins.contribution(found, "register_panels", "sleep", "")
        marks = crm.plugins.contribution(found, "register_marks", "asleep", "")
        deal = crm.deals.get(1)
        assert page(crm, {})["rows"][0]["deal"] == "deal/1"
        assert panel(crm, deal) == {"text": "Nobody has touched it for 0 d."}
        assert marks(crm, [deal]) == []


def test_the_page_tells_who_wrote_last(plugins: CommandLine) -> None:
    from crm import open_workspace

    plugins("deal", "add", "Щебень")
    with open_workspace(plugins.root, actor="olga") as crm:
        page = crm.plugins.contribution(crm.plugins.get("wrote"), "register_pages", "wrote", "")
        assert "They come with the mail." in page(crm, {})["html"]
        crm.activities.add(kind="letter", subject="Нужна <скидка>", about="deal/1")
        assert (
            '<a href="/deal/1">Щебень</a></td><td role="cell" data-title="Subject">Нужна &lt;скидка&gt;'
            in (page(crm, {})["html"])
        )


def test_the_endpoint_takes_a_call(plugins: CommandLine) -> None:
    from crm import open_workspace
    from crm.model import Request

    (plugins.root / "config" / "calls.yaml").write_text("token: secret\n")
    with open_workspace(plugins.root, actor="olga") as crm:
        take = crm.plugins.contribution(crm.plugins.get("calls"), "register_endpoints", "calls", "")
        assert take(crm, Request("POST", "guess", body=b"{}")).status == 404
        assert take(crm, Request("POST", "secret", body=b'{"from": "+79161234567"}')).status == 200
        assert crm.activities.get(1).subject == "+79161234567"
