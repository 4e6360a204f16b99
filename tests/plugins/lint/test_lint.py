"""`crm lint`: each rule with a bad and a good case, levels, the exit code, the baseline, rules of other plugins."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from types import SimpleNamespace

import pytest

from crm import Workspace, open_workspace
from crm.plugins.lint import page
from crm.plugins.lint.judging import Finding
from crm.plugins.lint.plugin import RULES
from crm.settings_file import change_setting
from tests.command_line import CommandLine

Step = Callable[[CommandLine], object]


def refs(line: CommandLine, rule: str) -> list[str]:
    found = line("lint", "--rule", rule, "--level", "info", "--json", code=None).json
    return [one["ref"] for one in found]


def _stage(line: CommandLine, number: int, name: str, value: object) -> None:
    change_setting(line.root / "config" / "pipelines.yaml", ["pipelines", 0, "stages", number, name], value)


def _without_the_end_of_the_cycle(line: CommandLine) -> None:
    path = line.root / "config" / "pipelines.yaml"
    path.write_text(
        "\n".join(row for row in path.read_text("utf-8").splitlines() if "ends_at: payment" not in row), "utf-8"
    )


def _deal(*words: str) -> Step:
    def made(line: CommandLine) -> None:
        line("company", "add", "Ромашка")
        line("deal", "add", "Щебень", "--company", "Ромашка", *words)

    return made


def _and(*steps: Step) -> Step:
    def all_of(line: CommandLine) -> None:
        for step in steps:
            step(line)

    return all_of


def _run(*words: object) -> Step:
    return lambda line: line(*words)


def _old(noun: str) -> Step:
    """Import a record of the past."""

    def made(line: CommandLine) -> None:
        rows = {"lead": {"name": "Москва, Иван, щебень"}, "deal": {"title": "Щебень"}}[noun]
        row = json.dumps({**rows, "created": "2026-01-10"})
        line("import", "-", "--into", noun, stdin=row + "\n")

    return made


def _leads(line: CommandLine) -> None:
    for number in range(20):
        line("lead", "add", f"Москва, Иван {number}, щебень")


CASES: dict[str, tuple[Step, Step, list[str]]] = {
    "pipeline-gap-stage": (
        lambda line: _stage(line, 1, "title", "Отложено"),
        lambda line: _stage(line, 1, "title", "Договариваемся"),
        ["pipeline/sales/qualified"],
    ),
    "pipeline-cycle": (
        _without_the_end_of_the_cycle,
        lambda line: None,
        ["pipeline/sales"],
    ),
    "pipeline-without-norms": (
        lambda line: _stage(line, 0, "norm_days", None),
        lambda line: _stage(line, 0, "norm_days", 3),
        ["pipeline/sales/new"],
    ),
    "lead-without-source": (
        _run("lead", "add", "Москва, Иван, щебень"),
        _run("lead", "add", "Москва, Иван, щебень", "--source", "site"),
        ["lead/1"],
    ),
    "lead-name": (_run("lead", "add", "Иван"), _run("lead", "add", "Москва, Иван, щебень"), ["lead/1"]),
    "lead-unanswered": (_old("lead"), _run("lead", "add", "Москва, Иван, щебень"), ["lead/1"]),
    "leads-only": (_leads, _and(_leads, _run("lead", "convert", 1, "--company", "Ромашка")), ["lead"]),
    "deal-without-next-activity": (
        _deal(),
        _and(_deal(), _run("activity", "add", "call", "Уточнить", "--about", "deal/1", "--due", "tomorrow")),
        ["deal/1"],
    ),
    "deal-next-too-far": (
        _and(_deal(), _run("activity", "add", "call", "Уточнить", "--about", "deal/1", "--due", "2099-01-01")),
        _and(_deal(), _run("activity", "add", "call", "Уточнить", "--about", "deal/1", "--due", "tomorrow")),
        ["deal/1"],
    ),
    "deal-stalled": (_old("deal"), _deal(), ["deal/1"]),
    "deal-late": (_deal("--expected-close", "2026-01-01"), _deal("--expected-close", "2099-01-01"), ["deal/1"]),
    "deal-without-amount": (_deal(), _deal("--amount", "100"), ["deal/1"]),
    "deal-without-client": (_run("deal", "add", "Щебень"), _deal(), ["deal/1"]),
    "deal-won-without-papers": (
        _and(_deal("--amount", "100"), _run("deal", "win", 1)),
        _and(
            _deal("--item", "Щебень*1@100"), _run("invoice", "issue", "--deal", 1), _run("deal", "win", 1)
        ),
        ["deal/1"],
    ),
    "deal-lost-without-reason": (
        _and(_deal(), lambda line: line("import", "-", "--into", "deal", "--match", "id", "--mode", "update",
                                        stdin='{"id": 1, "outcome": "lost"}\n')),
        _and(_deal(), _run("deal", "lose", 1, "--reason", "price")),
        ["deal/1"],
    ),
    "activity-overdue": (
        _run("activity", "add", "call", "Уточнить", "--due", "2026-01-01"),
        _run("activity", "add", "call", "Уточнить", "--due", "tomorrow"),
        ["activity/1"],
    ),
    "owner-has-left": (
        _and(_run("user", "add", "Пётр", "--login", "petr"), _deal("--owner", "petr"),
             _run("user", "set", 2, "active=no")),
        _and(_run("user", "add", "Пётр", "--login", "petr"), _deal("--owner", "petr")),
        ["deal/1"],
    ),
    "contact-unreachable": (
        _run("contact", "add", "Иван Петров"),
        _run("contact", "add", "Иван Петров", "--phone", "8 916 123-45-67"),
        ["contact/1"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("rule", CASES)
def test_a_bad_case_is_found(line: CommandLine, rule: str) -> None:
    CASES[rule][0](line)
    assert refs(line, rule) == CASES[rule][2]


@pytest.mark.parametrize("rule", CASES)
def test_a_good_case_is_not(line: CommandLine, rule: str) -> None:
    CASES[rule][1](line)
    assert refs(line, rule) == []


@pytest.mark.parametrize(("both", "found"), [(0, ["pipeline/sales/proposal"]), (8, [])])
def test_parallel_stages(line: CommandLine, both: int, found: list[str]) -> None:
    """Of twelve won deals half went through the one stage and half through the other, or most through both."""
    paths = [["qualified", "proposal"]] * both + [["qualified"], ["proposal"]] * ((12 - both) // 2)
    for number, path in enumerate(paths, 1):
        line("deal", "add", f"Щебень {number}")
        for stage in path:
            line("deal", "move", number, stage)
        line("deal", "win", number)
    assert refs(line, "pipeline-parallel-stages") == found


def test_every_rule_has_its_cases() -> None:
    assert {*CASES, "pipeline-parallel-stages"} == set(RULES)


# --- what goes out ---------------------------------------------------------------------------------------------------


def test_findings_end_with_5_and_the_baseline_quiets_them(line: CommandLine) -> None:
    line("lead", "add", "Иван")
    assert "lead-without-source" in line("lint", code=5).out
    line("lint", "--write-baseline", line.root / "known.json")
    assert "baseline: 1" in line("lint", "--baseline", line.root / "known.json").err
    line("lead", "add", "Пётр")
    fresh = line("lint", "--baseline", line.root / "known.json", "--json", code=5).json
    assert [one["ref"] for one in fresh] == ["lead/2"]


def test_levels_and_what_is_switched_off(line: CommandLine) -> None:
    line("lead", "add", "Иван")
    line("lint", "--level", "error")
    (line.root / "config" / "lint.yaml").write_text("levels: {lead-without-source: error}\n")
    line("lint", "--level", "error", code=5)
    (line.root / "config" / "lint.yaml").write_text("disabled: [lead-without-source]\n")
    line("lint")
    (line.root / "config" / "lint.yaml").write_text("disabled: [lead-without-sorce]\n")
    assert "lead-without-sorce" in line("lint", code=4).err


def test_a_broken_baseline_is_told(line: CommandLine) -> None:
    (line.root / "known.json").write_text("[]")
    assert "no baseline" in line("lint", "--baseline", line.root / "known.json", code=4).err
    line("lint", "--baseline", line.root / "nowhere.json", code=3)
    line("lint", "--rule", "nonsense", code=3)


PLUGIN = """
from crm import hookimpl


@hookimpl
def register_lint_rules(register):
    register("company-shouts", shouts, level="error")
    register("company-breaks", breaks)


def shouts(crm):
    for company in crm.companies.find():
        if company.name.isupper():
            yield company.ref, "Do not shout."


def breaks(crm):
    raise ValueError("oops")
"""


def test_another_plugin_adds_rules_and_a_broken_one_is_named(
    line: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CRM_PLUGINS")
    (line.root / "config" / "plugins").mkdir()
    (line.root / "config" / "plugins" / "manners.py").write_text(PLUGIN)
    line("company", "add", "РОМАШКА")
    result = line("lint", "--level", "error", code=5)
    assert "company-shouts\tcompany/1\tDo not shout." in result.out
    assert "manners" in result.err
    assert "oops" in result.err


def test_the_page_stops_at_what_it_shows_and_reckons_once_a_change(
    line: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    def judge(crm: Workspace, _names: object) -> Iterator[Finding]:
        crm.warnings.append("a rule failed")
        for number in range(1000):
            asked.append(number)
            yield Finding("deal-late", "warning", f"deal/{number}", "Late.")

    monkeypatch.setattr(page, "judge", judge)
    with open_workspace(line.root, actor="olga") as crm:
        monkeypatch.setattr(type(crm), "record", lambda _crm, ref: SimpleNamespace(label=ref))
        made = [page.page(crm, {}) for _time in range(2)]
        assert len(asked) == 301
        assert crm.warnings == ["a rule failed"] * 2
        assert [len(one["findings"]) for one in made] == [300, 300]
        crm.companies.add(name="Ромашка")
        page.page(crm, {})
    assert len(asked) == 602
