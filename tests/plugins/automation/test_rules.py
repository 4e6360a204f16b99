"""Rules at work: on events and on schedule, each action, named in the history, cut in a circle, replayed, undone."""

from __future__ import annotations

import pytest

from tests.command_line import CommandLine


@pytest.fixture
def shop(line: CommandLine) -> CommandLine:
    line("user", "add", "Ольга", "--login", "olga")
    line("user", "add", "Пётр", "--login", "petr")
    line("user", "add", "Анна", "--login", "anna")
    return line


def write(line: CommandLine, *rules: str) -> None:
    text = "rules:\n" + "".join(f"  - {rule}\n" for rule in rules)
    (line.root / "config" / "rules.yaml").write_text(text, "utf-8")


def anna(line: CommandLine) -> int:
    found: int = next(user["id"] for user in line("user", "list", "--json").json if user["login"] == "anna")
    return found


CALL = (
    "{id: call, on: lead_created, if: 'source = \"site\"', "
    "then: [{activity: {kind: call, subject: 'Позвонить: {name}', days: 2}}]}"
)


def test_an_event_sets_a_rule_off_where_its_condition_holds(shop: CommandLine) -> None:
    write(shop, CALL)
    shop("lead", "add", "Москва, Иван, щебень", "--source", "site")
    shop("lead", "add", "Москва, Пётр, щебень")
    (activity,) = shop("activity", "list", "--json").json
    assert (activity["subject"], activity["about"], activity["kind"]) == (
        "Позвонить: Москва, Иван, щебень",
        "lead/1",
        "call",
    )


def test_the_history_names_the_rule(shop: CommandLine) -> None:
    write(shop, CALL)
    shop("lead", "add", "Москва, Иван, щебень", "--source", "site")
    last = shop("log", "--limit", 1, "--json").json[0]
    assert (last["command"], last["via"]) == ("rule call", "automation")


def test_undo_takes_what_rules_did_with_it(shop: CommandLine) -> None:
    write(shop, CALL)
    shop("lead", "add", "Москва, Иван, щебень", "--source", "site")
    shop("undo")
    assert shop("activity", "list", "--ids").out == ""
    assert shop("lead", "list", "--ids").out == ""


def test_leads_are_assigned_by_turn_past_who_has_left(shop: CommandLine) -> None:
    write(shop, "{id: turns, on: lead_created, then: [{assign: {to: [olga, petr, anna]}}]}")
    shop("user", "set", anna(shop), "active=no")
    for number in range(4):
        shop("lead", "add", f"Москва, {number}, щебень")
    owners = [one["owner"] for one in shop("lead", "list", "--sort", "id", "--json").json]
    assert owners == ["olga", "petr", "olga", "petr"]


def test_the_least_busy_gets_the_lead(shop: CommandLine) -> None:
    shop("lead", "add", "Москва, 1, щебень")
    shop("lead", "add", "Москва, 2, щебень", "--owner", "petr")
    write(shop, "{id: least, on: lead_created, then: [{assign: {to: [olga, petr, anna], by: least}}]}")
    shop("lead", "add", "Москва, 3, щебень", user="petr")
    assert shop.show("lead/3")["owner"] == "anna"


def test_a_stage_moves_and_fields_are_set(shop: CommandLine) -> None:
    write(
        shop,
        "{id: go, on: stage_changed, if: 'stage = \"proposal\"', then: [{set: {comment: КП}}, {move: invoice}]}",
    )
    shop("deal", "add", "Щебень")
    shop("deal", "move", 1, "proposal")
    deal = shop.show("deal/1")
    assert (deal["stage"], deal["comment"]) == ("invoice", "КП")


def test_a_paid_invoice_starts_a_process_and_makes_the_act(shop: CommandLine) -> None:
    write(shop, "{id: deliver, on: invoice_paid, then: [{process: delivery}, {document: act}]}")
    shop("company", "add", "Ромашка")
    shop("deal", "add", "Щебень", "--item", "Щебень*1@100", "--company", "Ромашка")
    shop("invoice", "issue", "--deal", 1)
    shop("invoice", "pay", 1)
    assert shop.show("process/1")["about"] == "deal/1"
    assert shop.show("document/1")["kind"] == "act"


def test_a_circle_is_left_out_and_told(shop: CommandLine) -> None:
    write(
        shop,
        "{id: ping, on: stage_changed, if: 'stage = \"proposal\"', then: [{move: invoice}]}",
        "{id: pong, on: stage_changed, if: 'stage = \"invoice\"', then: [{move: proposal}]}",
    )
    shop("deal", "add", "Щебень")
    assert "ping → pong → ping" in shop("deal", "move", 1, "proposal").err
    assert shop.show("deal/1")["stage"] == "proposal"
    assert {row["state"] for row in shop("rules", "list", "--json").json} == {"loop"}
    assert "rule-loop" in shop("lint", "--rule", "rule-loop", code=5).out


def test_a_circle_that_cannot_be_foreseen_is_cut(shop: CommandLine) -> None:
    """Values written by their titles look like others to who only reads the rules."""
    write(
        shop,
        "{id: there, on: record_changed, noun: lead, if: 'source = \"site\"', then: [{set: {source: Flyer}}]}",
        "{id: back, on: record_changed, noun: lead, if: 'source = \"flyer\"', then: [{set: {source: Website}}]}",
    )
    result = shop("lead", "add", "Москва, Иван, щебень", "--source", "site")
    assert "«there» ran in a circle over lead/1" in result.err
    assert shop.show("lead/1")["source"] == "site"
    assert [row["command"] for row in shop("log", "--json", "--limit", 3).json] == [
        "rule back",
        "rule there",
        "lead add",
    ]
    assert shop("events", "list", "--json").json == []


def test_a_rule_that_fails_is_named_and_changes_nothing_else(shop: CommandLine) -> None:
    write(shop, "{id: act, on: deal_created, then: [{set: {comment: x}}, {document: act}]}")
    result = shop("deal", "add", "Щебень")
    assert "«act»" in result.err
    assert shop.show("deal/1")["comment"] is None


def test_a_named_rule_is_tested_on_history_and_writes_nothing(shop: CommandLine) -> None:
    shop("lead", "add", "Москва, Иван, щебень", "--source", "site")
    shop("lead", "set", 1, "source=flyer")
    shop("lead", "add", "Москва, Пётр, щебень")
    write(shop, CALL)
    before = shop.journal()
    hits = shop("rules", "test", "call", "--since", "yesterday", "--json").json
    assert [(hit["ref"], hit["rule"]) for hit in hits] == [("lead/1", "call")], "as it was when it came in"
    assert shop.journal() == before
    assert shop("rules", "test", "call", "--since", "tomorrow", "--json").json == []
    assert shop("activity", "list", "--ids").out == ""


def test_testing_tells_of_a_loop(shop: CommandLine) -> None:
    write(shop, "{id: own, on: record_changed, noun: deal, then: [{set: {comment: x}}]}")
    assert "own → own" in shop("rules", "test", "--since", "today", code=5).err


def test_a_scheduled_rule_runs_once_in_its_period(shop: CommandLine) -> None:
    write(
        shop,
        "{id: sleepy, every: week, noun: deal, if: 'stage = \"new\"', "
        "then: [{activity: {subject: 'Напомнить: {title}'}}]}",
    )
    shop("deal", "add", "Щебень")
    shop("deal", "add", "Песок", "--stage", "proposal")
    assert shop("rules", "run").out == "sleepy: 1\n"
    assert "Nothing is due" in shop("rules", "run").err
    assert [one["subject"] for one in shop("activity", "list", "--json").json] == ["Напомнить: Щебень"]
    assert shop("log", "--limit", 1, "--json").json[0]["command"] == "rule sleepy"
    shop("undo")
    assert shop("rules", "run", "--json").json == [{"id": "sleepy", "rule": "sleepy", "records": ["deal/1"]}]


def test_rules_are_switched_on_and_off_and_comments_stay(shop: CommandLine) -> None:
    write(
        shop,
        "{id: ping, on: stage_changed, if: 'stage = \"proposal\"', then: [{move: invoice}]}  # туда",
        "{id: pong, on: stage_changed, if: 'stage = \"invoice\"', then: [{move: proposal}], enabled: false}",
    )
    assert "ping" in shop("rules", "enable", "pong", code=5).err
    shop("rules", "disable", "ping")
    shop("rules", "enable", "pong")
    assert [row["state"] for row in shop("rules", "list", "--json").json] == ["off", "on"]
    assert "# туда" in (shop.root / "config" / "rules.yaml").read_text("utf-8")
    shop("rules", "enable", "pong", user="petr", code=5)


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("{id: a, then: [{move: invoice}]}", "«on» or «every»"),
        ("{id: a, on: deal_won, every: day, then: [{move: invoice}]}", "«on» or «every»"),
        ("{id: a, on: deal_wun, then: [{move: invoice}]}", "deal_won"),
        ("{id: a, on: record_changed, then: [{move: invoice}]}", "noun"),
        ("{id: a, on: deal_won, if: 'colour = 1', then: [{move: invoice}]}", "colour"),
        ("{id: a, on: deal_won, if: 'stage = ', then: [{move: invoice}]}", "«a»"),
        ("{id: a, on: deal_won, then: []}", "then"),
        ("{id: a, on: deal_won, then: [{fly: away}]}", "fly"),
        ("{id: a, on: deal_won, then: [{move: nowhere}]}", "nowhere"),
        ("{id: a, on: deal_won, then: [{set: {colour: red}}]}", "colour"),
        ("{id: a, on: deal_won, then: [{process: nothing}]}", "nothing"),
        ("{id: a, on: deal_won, then: [{activity: {subject: x, kind: dance}}]}", "dance"),
        ("{id: a, on: deal_won, then: [{move: invoice, set: {}}]}", "one key"),
    ],
)
def test_what_cannot_be_a_rule_is_told_with_its_place(shop: CommandLine, rule: str, said: str) -> None:
    write(shop, rule)
    error = shop("rules", "list", code=4).err
    assert "rules.yaml" in error
    assert said in error


def test_without_rules_nothing_is_told_to_the_plugin(shop: CommandLine) -> None:
    import subprocess
    import sys

    from tests.command_line import environment

    code = (
        "import sys; from crm.cli.main import run; run(['lead', 'add', 'Иван']); "
        "print('crm.plugins.automation.reacting' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=shop.root, env=environment(), capture_output=True, text=True, check=True
    )
    assert done.stdout.endswith("False\n")


def test_a_lead_goes_by_source_and_by_region_and_else_by_turn(shop: CommandLine) -> None:
    by_source = "{id: a, on: lead_created, then: [{assign: {to: [olga], field: source, table: {site: [petr]}}}]}"
    write(shop, by_source)
    shop("lead", "add", "А", "--source", "site")
    shop("lead", "add", "Б", "--source", "flyer")
    assert [shop.show(f"lead/{n}")["owner"] for n in (1, 2)] == ["petr", "olga"]
    regions = '{"+7": [petr], "+7495": [anna], "+7812": [olga]}'
    write(shop, f"{{id: a, on: lead_created, then: [{{assign: {{to: [petr], field: phones, table: {regions}}}}}]}}")
    shop("lead", "add", "В", "--phone", "+7 495 123-45-67")
    shop("lead", "add", "Г", "--phone", "+7 843 123-45-67")
    assert [shop.show(f"lead/{n}")["owner"] for n in (3, 4)] == ["anna", "petr"]
    write(shop, "{id: a, on: lead_created, then: [{assign: {to: [petr], field: phones}}]}")
    assert "go together" in shop("rules", "list", code=4).err
