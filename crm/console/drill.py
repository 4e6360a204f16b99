"""The way from a figure of a report to the records behind it (R2): the list under the conditions of its row."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from crm.model.report import within

if TYPE_CHECKING:
    from crm.console.visit import Visit
    from crm.model.fields import Doc
    from crm.model.report import Asked, Behind, Table
    from crm.sales.noun import Noun

_UNITS = ("month", "day", "year")


class Drill:
    """Ways into the records of one report, as it was asked."""

    def __init__(self, visit: Visit, table: Table, asked: Asked) -> None:
        self.visit = visit
        self.table = table
        self.asked = asked

    def address(self, row: Doc, figure: str) -> str:
        """Return the list of what a figure of a row counts, empty where it cannot be told by a list."""
        behind = self.table.behind(figure, row)
        noun = self.visit.crm.nouns.get(behind.noun) if behind is not None else None
        if behind is None or noun is None:
            return ""
        groups = [name for name in self._groups(row) if name not in behind.having]
        if any(name not in noun.fields and name not in _UNITS for name in groups):
            return ""
        common = {name: str(row[name]) for name in groups if name in noun.fields and row[name]}
        given = {**behind.having, **self._asked(noun), **common}
        missing = [f"{name} is empty" for name in groups if name in noun.fields and not row[name]]
        parts = [behind.where, self._period(behind, row), *missing]
        if self.asked.department and "owner" not in given:
            parts.append(self._of_department())
        return self.visit.url.list(noun.name, **given, where=" and ".join(filter(None, parts)))

    def _groups(self, row: Doc) -> list[str]:
        """Return the names of what the records of a row have in common."""
        by = {self.asked.by} if self.asked.by else set()
        fields = {name for noun in self.visit.crm.nouns.values() for name in noun.fields}
        texts = {one.name for one in self.table.columns if one.sort == "text"} & (fields | {*_UNITS} | by)
        return [name for name in row if name in texts and name not in ("title", "name", "group")]

    def _asked(self, noun: Noun) -> dict[str, str]:
        given = {"owner": self.asked.owner} if self.asked.owner else {}
        return given | ({"pipeline": self.asked.pipeline} if noun.name == "deal" and self.asked.pipeline else {})

    def _of_department(self) -> str:
        """Return the condition that a record is of somebody of the department."""
        departments, users = self.visit.crm.settings.departments, self.visit.crm.users.find()
        branch = departments.branch(self.asked.department)
        logins = sorted(user.login for user in users if (user.department or departments.only) in branch)
        return "(" + " or ".join(f'owner = "{login}"' for login in logins) + ")" if logins else ""

    def _period(self, behind: Behind, row: Doc) -> str:
        """Return the condition of the period that was asked for, of the part of it that a row is about."""
        since, until = self.asked.since, self.asked.until
        unit = next((name for name in _UNITS if isinstance(row.get(name), str)), "")
        if unit:
            first, last = _span(str(row[unit]))
            since, until = max(first, since or first), min(last, until or last)
        return within(behind.moment, since, until) if behind.moment else ""


def _span(text: str) -> tuple[date, date]:
    """Return the days of `2026`, `2026-11` or `2026-11-22`."""
    numbers: list[Any] = [int(part) for part in text.split("-")]
    first = date(*[*numbers, 1, 1][:3])
    if len(numbers) == 3:
        return first, first
    after = date(first.year + 1, 1, 1) if len(numbers) == 1 else (first + timedelta(days=32)).replace(day=1)
    return first, after - timedelta(days=1)
