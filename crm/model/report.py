"""What a report was asked and what it answers: a table with typed columns, totals and notes; no report is made here."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from crm.errors import WrongUsage
from crm.locale import _

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
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


class Behind(NamedTuple):
    """Which records a figure counts (R2): those of `noun` that have the values of `having` and meet `where`.

    `having` has the words of a list's address (`outcome` may be `open`), `where` is a condition as in `--where`.
    `moment` is the time of a record that the period of the report takes, empty where the period is in `where`.
    The values of a row's groups, the owner, the department and the pipeline that were asked for need not be there.
    """

    noun: str
    having: Mapping[str, str]
    moment: str = "created"
    where: str = ""


def counted(figures: Mapping[str, Behind]) -> Callable[[str, Doc], Behind | None]:
    """Return a `behind` of a table whose figures count the same kind of records in every row."""
    return lambda name, _row: figures.get(name)


def within(moment: str, since: date | None, until: date | None) -> str:
    """Return the condition that a time is in a period, both days within it; empty without a period."""
    parts = [f"{moment} >= {since.isoformat()}"] if since else []
    parts += [f"{moment} < {(until + timedelta(days=1)).isoformat()}"] if until else []
    return " and ".join(parts)


def _nothing(_name: str, _row: Doc) -> Behind | None:
    return None


@dataclass(frozen=True)
class Table:
    """The answer of a report: rows are mappings with the names of `columns`; what is not known is None.

    `behind(figure, row)` tells which records a figure of a row counts, of a total with an empty row; None where no
    list can show them.
    """

    columns: tuple[Figure, ...]
    rows: list[Doc]
    totals: Doc = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    behind: Callable[[str, Doc], Behind | None] = _nothing

    def to_json(self, name: str) -> dict[str, Any]:
        """Return the stable form for scripts: `report`, `rows`, `totals`, and `notes` for people."""
        return {"report": name, "rows": self.rows, "totals": self.totals, "notes": list(self.notes)}
