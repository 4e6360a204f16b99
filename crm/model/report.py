"""What a report was asked and what it answers: a table with typed columns, totals and notes; no report is made here."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from crm.errors import WrongUsage
from crm.locale import _

if TYPE_CHECKING:
    from datetime import date

    from crm.model.fields import Doc

Sort = Literal["text", "count", "money", "percent", "days"]


@dataclass(frozen=True)
class Asked:
    """What a report is about: groups `by` a field, a period (both days within it), a pipeline, an owner (a login),
    a department with those below it.

    Empty is the report's own choice. `limit` is how many rows are wanted, None for all.
    """

    by: str = ""
    since: date | None = None
    until: date | None = None
    pipeline: str = ""
    owner: str = ""
    limit: int | None = None
    department: str = ""

    def __post_init__(self) -> None:
        """Raise WrongUsage for a period that ends before it begins."""
        if self.since is not None and self.until is not None and self.until < self.since:
            raise WrongUsage(
                _("The period ends before it begins: {since} — {until}.").format(since=self.since, until=self.until),
                _("Swap the two days."),
            )


@dataclass(frozen=True)
class Figure:
    """A column of a report: its key in the rows, its title, and what its values are.

    `count` is a whole number, `money` the JSON form of money, `percent` and `days` numbers of two decimals.
    """

    name: str
    title: str
    sort: Sort = "text"

    @property
    def label(self) -> str:
        """Return the title in the current language."""
        return _(self.title)


@dataclass(frozen=True)
class Table:
    """The answer of a report: rows are mappings with the names of `columns`; what is not known is None."""

    columns: tuple[Figure, ...]
    rows: list[Doc]
    totals: Doc = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def to_json(self, name: str) -> dict[str, Any]:
        """Return the stable form for scripts: `report`, `rows`, `totals`, and `notes` for people."""
        return {"report": name, "rows": self.rows, "totals": self.totals, "notes": list(self.notes)}
