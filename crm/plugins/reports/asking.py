"""What every report needs: the query of what was asked, money in the account's currency, rates, labels of groups."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from crm.errors import InvalidValue, NotFound
from crm.locale import _
from crm.model.fields import REF, Choice, MoneyField
from crm.model.money import Money, convert
from crm.model.record import Record

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from crm.model.fields import Doc
    from crm.model.report import Asked
    from crm.sales.collection import Group
    from crm.workspace import Workspace

MINOR = Decimal(10_000)
_CENT = Decimal("0.01")
NOBODY = "—"


def query_of(crm: Workspace, asked: Asked, moment: str, *, pipeline: bool = True) -> Any:
    """Return the query of the records that were asked for, None for all; the period is that of the time `moment`."""
    from tinydb.queries import where

    parts: list[Any] = []
    if asked.since:
        parts.append(where(moment) >= _begin(crm, asked.since))
    if asked.until:
        parts.append(where(moment) < _begin(crm, asked.until + timedelta(days=1)))
    if pipeline and asked.pipeline:
        parts.append(where("pipeline") == crm.settings.pipeline(asked.pipeline).id)
    if asked.owner:
        parts.append(where("owner") == crm.person(asked.owner))
    if asked.department:
        parts.append(where("owner").one_of(_people_of(crm, asked.department)))
    return both(*parts)


def _people_of(crm: Workspace, department: str) -> list[str]:
    """Return the logins of a department and of those below it; raise NotFound for one that there is not."""
    departments = crm.settings.departments
    if departments.get(department) is None:
        raise NotFound(
            _("There is no department «{name}».").format(name=department),
            _("Known: {names}.").format(names=", ".join(one.id for one in departments.departments) or "—"),
        )
    branch = departments.branch(department)
    return sorted(user.login for user in crm.users.find() if (user.department or departments.only) in branch)


def both(*parts: Any) -> Any:
    """Return the query of all conditions together, None without any; a None among them is no condition."""
    whole = None
    for part in parts:
        if part is not None:
            whole = part if whole is None else whole & part
    return whole


def _begin(crm: Workspace, day: date) -> str:
    local = datetime.combine(day, time(), crm.settings.time_zone)
    return local.astimezone(UTC).isoformat(timespec="seconds")


class Purse:
    """Sums of money in the account's currency, at the rate of today, or of the day that is looked back at."""

    def __init__(self, crm: Workspace) -> None:
        self.currency = crm.settings.currency
        self._settings = crm.settings
        self._missing: set[str] = set()

    def total(self, groups: Iterable[Group]) -> Doc:
        """Return the sum of groups as JSON money; a currency that has no rate is left out and told by `notes`."""
        sums: dict[str, int] = {}
        for group in groups:
            if group.currency is not None:
                sums[group.currency] = sums.get(group.currency, 0) + group.minor
        total = Decimal(0)
        for currency, minor in sums.items():
            try:
                rates = {currency: self._settings.rate(currency), self.currency: Decimal(1)}
            except InvalidValue:
                self._missing.add(currency)
                continue
            total += convert(Money(minor / MINOR, currency), self.currency, rates).amount
        return Money(total, self.currency).to_json()

    def notes(self) -> tuple[str, ...]:
        """Return which currencies the sums are without, and what to do about it."""
        if not self._missing:
            return ()
        return (
            _(
                "The sums are without {currencies}: there is no rate on {day}. Add it to rates in config/crm.yaml."
            ).format(currencies=", ".join(sorted(self._missing)), day=self._settings.today().isoformat()),
        )

    def average(self, total: Doc, count: int) -> Doc | None:
        """Return an average as JSON money, None of nothing."""
        if not count:
            return None
        return Money((Decimal(total["amount"]) / count).quantize(_CENT), self.currency).to_json()


def percent(part: int, whole: int) -> float | None:
    """Return a share in percent of two decimals, None of nothing."""
    return float((Decimal(part) * 100 / whole).quantize(_CENT)) if whole else None


def count_of(groups: Iterable[Group]) -> int:
    """Return how many records groups hold."""
    return sum(group.count for group in groups)


def where(groups: Iterable[Group], place: int, value: Any) -> list[Group]:
    """Return the groups that have a value at a place of what they are grouped by."""
    return [group for group in groups if group.by[place] == value]


def title_of(crm: Workspace, noun: str, by: str, value: Any) -> str:
    """Return what people call a value that records are grouped by: a title, a name, the text itself."""
    if value in (None, ""):
        return NOBODY
    name, _colon, unit = by.partition(":")
    if unit:
        return str(value)
    head, _dot, tail = name.partition(".")
    fields = crm.collection(noun).noun.fields
    field = fields.get(head)
    if tail and field is not None and getattr(field, "kind", ""):
        return title_of(crm, str(getattr(field, "kind", "")), tail, value)
    if isinstance(field, Choice) and field.dictionary:
        return crm.customs.dictionary(field.dictionary).title(str(value))
    return _name_of(crm, name, str(value))


def _name_of(crm: Workspace, by: str, value: str) -> str:
    if by == "owner":
        user = crm.users.by_login(value)
        return str(user.name) if user is not None else value
    match = REF.fullmatch(value)
    if match and match[1] in crm.nouns:
        doc = crm.doc(match[1], int(match[2]))
        if doc is not None:
            return str(crm.collection(match[1]).record(doc).label)
    return value


def is_money(entity: type[Record], name: str) -> bool:
    """Tell whether a field of an entity is money."""
    return isinstance(entity.fields.get(name), MoneyField)
