"""The way from a figure of a report to the records behind it (R2): the list under the conditions of its row."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from crm.console.visit import Visit
    from crm.model.fields import Doc
    from crm.model.report import Asked
    from crm.sales.noun import Noun

_LEADS = {"leads": {}, "good": {"quality": "good"}, "junk": {"quality": "junk"}, "converted": {"stage": "converted"}}
_DEALS: dict[str, dict[str, str]] = {
    "won": {"outcome": "won"}, "value": {"outcome": "won"}, "average": {"outcome": "won"},
    "lost": {"outcome": "lost"}, "open": {"outcome": "open"}, "count": {"outcome": "open"}, "sum": {"outcome": "open"},
    "open_sum": {"outcome": "open"}, "deals": {},
}  # fmt: skip
"""What each figure counts, as words of a list's address."""
_UNITS = {"month": 7, "day": 10, "year": 4}
_CLOSED = ("won", "lost")


class Drill:
    """Ways into the records of one report, as it was asked."""

    def __init__(self, visit: Visit, name: str, asked: Asked) -> None:
        self.visit = visit
        self.report = name
        self.asked = asked

    def address(self, row: Doc, figure: str) -> str:
        """Return the list of what a figure of a row counts, empty where it cannot be told by a list."""
        words = self._words(row, figure)
        if words is None:
            return ""
        noun, given = words
        if self.asked.owner and "owner" not in given:
            given["owner"] = self.asked.owner
        if noun.name == "deal" and self.asked.pipeline and "pipeline" not in given:
            given["pipeline"] = self.asked.pipeline
        parts = [self._condition(row, "closed" if given.get("outcome") in _CLOSED else "created")]
        if self.asked.department and "owner" not in given:
            parts.append(self._of_department())
        condition = " and ".join(filter(None, parts))
        return self.visit.url.list(noun.name, **given, where=condition)

    def _of_department(self) -> str:
        """Return the condition that a record is of somebody of the department."""
        departments, users = self.visit.crm.settings.departments, self.visit.crm.users.find()
        branch = departments.branch(self.asked.department)
        logins = sorted(user.login for user in users if (user.department or departments.only) in branch)
        return "(" + " or ".join(f'owner = "{login}"' for login in logins) + ")" if logins else ""

    def _words(self, row: Doc, figure: str) -> tuple[Noun, dict[str, str]] | None:
        kind = "lead" if figure in _LEADS else "deal"
        told = _LEADS.get(figure) if kind == "lead" else _DEALS.get(figure)
        if told is None or (kind == "deal" and self.report == "leads"):
            return None
        noun = self.visit.crm.nouns[kind]
        given = dict(told)
        for name, value in row.items():
            if name in noun.fields and name not in (figure, "title", "sum") and isinstance(value, str) and value:
                given |= {"outcome": value} if name == "stage" and value in _CLOSED else {name: value}
        return None if self._unknown(row, noun) else (noun, given)

    def _unknown(self, row: Doc, noun: Noun) -> bool:
        """Tell whether a row is of records without a value: a list has no condition for that."""
        return any(name in noun.fields and value is None for name, value in row.items() if name != "title")

    def _condition(self, row: Doc, moment: str) -> str:
        since, until = self.asked.since, self.asked.until
        unit = next((name for name in _UNITS if isinstance(row.get(name), str)), "")
        if unit:
            since, until = _span(str(row[unit]))
        if moment == "created" and self.report in ("sales", "lost", "cycle") and (since or until):
            moment = "closed"
        parts = [f"{moment} >= {since.isoformat()}"] if since else []
        parts += [f"{moment} < {(until + timedelta(days=1)).isoformat()}"] if until else []
        return " and ".join(parts)


def _span(text: str) -> tuple[date, date]:
    """Return the days of `2026`, `2026-11` or `2026-11-22`."""
    numbers: list[Any] = [int(part) for part in text.split("-")]
    first = date(*[*numbers, 1, 1][:3])
    if len(numbers) == 3:
        return first, first
    after = date(first.year + 1, 1, 1) if len(numbers) == 1 else (first + timedelta(days=32)).replace(day=1)
    return first, after - timedelta(days=1)
