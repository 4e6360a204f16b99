"""A company after three years: the demo with its settings and papers, 100,000 deals and 1,000,000 activities more."""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path

from benchmarks.workspaces import OWNERS, RECIPES, Fields, Recipe, fill
from crm.demo import fill as tell_demo
from crm.entrance import open_workspace
from crm.initialise import initialise
from crm.workspace import Workspace

BOSS = "boss"
DEALS = 100_000
DAYS, AHEAD = 1000, 30
"""Days of the past that the records are of, and of the days to come that something is planned for."""
PER_DEAL = 10
"""Activities of a deal."""
CLOSED, DONE = 0.8, 0.98
"""Shares of the deals that are closed, and of the past activities that are done."""


def grown(folder: Path, deals: int = DEALS) -> Path:
    """Return the company in `folder`, made unless it is there already."""
    root = folder / f"company-{deals}"
    if not (root / "made").exists():
        initialise(root, "ru", "RUB", "", BOSS)
        tell_demo(root, BOSS)
        with open_workspace(root, actor=BOSS, via="benchmark") as crm:
            _grow(crm, deals)
        (root / "made").write_text("yes")
    return root


def _grow(crm: Workspace, deals: int) -> None:
    for login in OWNERS:
        if crm.users.by_login(login) is None:
            crm.users.add(name=login.title(), login=login, role="manager")
    counts = {"company": deals // 8, "contact": deals // 2, "lead": deals // 5, "deal": deals}
    for noun, count in counts.items():
        fill(crm, noun, count, _dated(RECIPES[noun], crm.today()))
    fill(crm, "activity", deals * PER_DEAL, _activity(crm.today()))


def _dated(recipe: Recipe, today: date) -> Recipe:
    """Return a recipe whose records were made over the last years rather than on one day."""

    def make(dice: random.Random, number: int) -> Fields:
        fields = {name: value for name, value in recipe(dice, number).items() if name not in ("outcome", "closed")}
        born = today - timedelta(days=dice.randrange(DAYS))
        touched = min(born + timedelta(days=dice.randrange(60)), today)
        if "stage_log" in fields:
            fields |= {"stage_since": _time(touched), "stage_log": _log(str(fields["stage"]), born, touched)}
            if dice.random() < CLOSED:
                fields |= {"outcome": dice.choice(("won", "lost")), "closed": _time(touched)}
        return {**fields, "created": _time(born), "updated": _time(touched)}

    return make


def _log(stage: str, born: date, touched: date) -> list[dict[str, str]]:
    return [{"stage": "new", "since": _time(born)}, {"stage": stage, "since": _time(touched)}]


def _activity(today: date) -> Recipe:
    def make(dice: random.Random, number: int) -> Fields:
        due = today + timedelta(days=AHEAD - dice.randrange(DAYS))
        born = _time(min(due, today) - timedelta(days=2))
        fields: Fields = {
            "created": born,
            "updated": born,
            "owner": dice.choice(OWNERS),
            "kind": dice.choice(("call", "meeting", "task")),
            "subject": f"Позвонить {number}",
            "about": f"deal/{number // PER_DEAL + 1}",
            "due": due.isoformat(),
        }
        if due >= today or dice.random() > DONE:
            return fields
        return {**fields, "updated": _time(due), "done": True, "done_at": _time(due)}

    return make


def _time(day: date) -> str:
    return f"{day.isoformat()}T10:00:00+00:00"
