"""The points of the team, read from the records that who asks may see; the arithmetic is `standing.py`."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from crm.plugins.motivator.absences import days_absent
from crm.plugins.motivator.settings import MotivatorRules
from crm.plugins.motivator.standing import Period, Person, Standing, Work, day_period, month_period, standing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm.workspace import Workspace


class Asked(NamedTuple):
    """What a report is about: a day, or the month that begins on `month`; one person or department; another norm.

    `norm` answers "what if": points a day for everybody instead of the department's.
    """

    day: date | None = None
    month: date | None = None
    user: str = ""
    department: str = ""
    norm: Decimal | None = None


def standings(crm: Workspace, asked: Asked) -> list[Standing]:
    """Return how people stand, the best first; today when neither a day nor a month is asked for.

    Only people whose activities the actor may read are there, and who has left only with points.
    """
    departments = crm.settings.departments
    people = {person.login: person for person in _people(crm, asked)}
    periods = {one.login: _period(crm, asked, one.department) for one in people.values()}
    work = _work(crm, min((one.earliest for one in periods.values()), default=crm.today()), _last(crm, asked))
    every = (standing(one, work.get(one.login, ()), periods[one.login], departments) for one in people.values())
    found = [one for one in every if one.person.active or one.points]
    return sorted(found, key=lambda one: (-one.points, one.person.name))


def _period(crm: Workspace, asked: Asked, department: str) -> Period:
    if asked.month is not None:
        return month_period(asked.month, crm.today())
    window = crm.settings.section("motivator", MotivatorRules).window_days
    return day_period(asked.day or crm.today(), lambda day: crm.settings.departments.works(department, day), window)


def _last(crm: Workspace, asked: Asked) -> date:
    return month_period(asked.month, crm.today()).last if asked.month is not None else asked.day or crm.today()


def _work(crm: Workspace, first: date, last: date) -> dict[str, list[Work]]:
    """Return the work of everybody, counted by the index in one pass."""
    found: dict[str, list[Work]] = {}
    groups = crm.activities.totals(
        "owner", "kind", "direction", "points", "done_at:day", query=done_between(first, last)
    )
    for group in groups:
        login, kind, direction, points, day = group.by
        name = f"{kind}_{direction}" if direction else str(kind)
        found.setdefault(str(login), []).append(
            Work(str(login), date.fromisoformat(day), name, int(points or 0), group.count)
        )
    return found


def done_between(first: date, last: date) -> Any:
    """Return the query of what was done on days, a little wider, as times are kept in UTC."""
    from tinydb.queries import where

    since, until = first - timedelta(days=1), last + timedelta(days=2)
    times = (where("done_at") >= since.isoformat()) & (where("done_at") < until.isoformat())
    return times & (where("done") == True)  # noqa: E712 - a query


# --- people ----------------------------------------------------------------------------------------------------------


def _people(crm: Workspace, asked: Asked) -> Iterator[Person]:
    departments = crm.settings.departments
    wanted = departments.branch(asked.department) if asked.department else None
    absences = days_absent(crm)
    for person in _team(crm):
        if asked.user and person.login != asked.user:
            continue
        if wanted is not None and person.department not in wanted:
            continue
        if crm.guard.may("read", "activity", {"owner": person.login}):
            yield person._replace(norm=_norm(crm, person, asked.norm), absent=absences.get(person.login, frozenset()))


def _team(crm: Workspace) -> Iterator[Person]:
    """Yield each user, still without a norm; while there are no users, each owner of activities."""
    only = crm.settings.departments.only
    users = list(crm.users.find())
    for user in users:
        yield Person(user.login, user.name, user.department or only, Decimal(0), user.active)
    if not users:
        owners = {str(group.by[0]) for group in crm.activities.totals("owner") if group.by[0]}
        for login in sorted(owners | {crm.actor}):
            yield Person(login, login, only, Decimal(0))


def _norm(crm: Workspace, person: Person, what_if: Decimal | None) -> Decimal:
    """Return the points a day that are asked of a person: what if, one's own, those of the department's card."""
    if what_if is not None:
        return what_if
    own = crm.settings.section("motivator", MotivatorRules).norms.get(person.login)
    if own is not None:
        return own
    card = crm.settings.departments.get(person.department)
    return card.norm if card else Decimal(0)
