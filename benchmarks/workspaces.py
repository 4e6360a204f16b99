"""Workspaces of a given size: leads, contacts, companies, deals and activities that look like those of a team."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

from crm.entrance import open_workspace
from crm.initialise import initialise
from crm.sales.importing import BATCH
from crm.workspace import Workspace

STAGES = ("new", "qualified", "proposal", "invoice", "signing")
OWNERS = ("olga", "ivan", "petr", "anna", "oksana", "taras", "john", "mary")
SHARES = {"company": 5, "contact": 20, "lead": 15, "deal": 40, "activity": 20}
"""Percent of the records that are of each noun."""

Fields = dict[str, object]
Recipe = Callable[[random.Random, int], Fields]
"""Makes the record with a number, with dice to fall on."""


def make(folder: Path, size: int) -> Path:
    """Return a workspace with `size` records in `folder`, made unless it is there already."""
    root = folder / f"size-{size}"
    if not (root / "made").exists():
        initialise(root, "ru", "RUB", "Скорость", "bench")
        with open_workspace(root, actor="bench", via="benchmark") as crm:
            for noun, share in SHARES.items():
                fill(crm, noun, max(size * share // 100, 1), RECIPES[noun])
        (root / "made").write_text("yes")
    return root


def fill(crm: Workspace, noun: str, count: int, recipe: Recipe) -> None:
    """Add records of one noun in large change sets, as an import does."""
    dice = random.Random(noun)
    made = 0
    while made < count:
        with crm.store.writing(actor="bench", via="benchmark", command="import") as draft:
            for number in range(made, min(made + BATCH, count)):
                draft.create(noun, recipe(dice, number))
        made += BATCH


def _company(dice: random.Random, number: int) -> Fields:
    return {
        "owner": dice.choice(OWNERS),
        "name": f"ООО Ромашка {number}",
        "tax_ids": {"inn": f"77{number:08d}", "kpp": "770001001"},
        "phones": [f"+7495{number:07d}"],
    }


def _contact(dice: random.Random, number: int) -> Fields:
    return {
        "owner": dice.choice(OWNERS),
        "name": f"Иван Петров {number}",
        "first_name": "Иван",
        "last_name": "Петров",
        "phones": [f"+7916{number:07d}"],
        "emails": [f"ivan{number}@example.ru"],
        "companies": [f"company/{number // 4 + 1}"],
    }


def _lead(dice: random.Random, number: int) -> Fields:
    return {
        "owner": dice.choice(OWNERS),
        "name": f"Москва, Василий {number}, щебень",
        "stage": dice.choice(("new", "in_work")),
        "source": "site",
        "phones": [f"+7926{number:07d}"],
    }


def _deal(dice: random.Random, number: int) -> Fields:
    stage = dice.choice(STAGES)
    since = "2026-03-01T10:00:00+00:00"
    fields: Fields = {
        "owner": dice.choice(OWNERS),
        "title": f"Поставка щебня {number}",
        "pipeline": "sales",
        "stage": stage,
        "amount": {"amount": f"{dice.randrange(1000, 900000)}.00", "currency": "RUB"},
        "company": f"company/{number // 8 + 1}",
        "contacts": [f"contact/{number // 2 + 1}"],
        "probability": 50,
        "stage_since": since,
        "stage_log": [{"stage": "new", "since": since}, {"stage": stage, "since": since}],
    }
    if dice.random() < 0.5:
        fields |= {"outcome": dice.choice(("won", "lost")), "closed": "2026-05-01T10:00:00+00:00"}
    return fields


def _activity(dice: random.Random, number: int) -> Fields:
    done = dice.random() < 0.8
    fields: Fields = {
        "owner": dice.choice(OWNERS),
        "kind": dice.choice(("call", "meeting", "task")),
        "subject": f"Позвонить {number}",
        "about": f"deal/{number + 1}",
        "due": f"2026-{dice.randrange(1, 13):02d}-{dice.randrange(1, 29):02d}",
    }
    return {**fields, "done": True, "done_at": "2026-05-01T10:00:00+00:00"} if done else fields


RECIPES: dict[str, Recipe] = {
    "company": _company,
    "contact": _contact,
    "lead": _lead,
    "deal": _deal,
    "activity": _activity,
}
