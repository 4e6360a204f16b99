"""The workspace as it stood at a past moment: which change set a person means by a day, a time or a number."""

from __future__ import annotations

from copy import copy
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, NamedTuple

from crm.customs import WorkspaceCustoms
from crm.model import field_dates
from crm.model.fields import named
from crm.store import history
from crm.store.past import PastStore, number_at

if TYPE_CHECKING:
    from crm.workspace import Workspace

Moment = date | datetime | int | str
"""A day (its end, where the workspace is), a time, the number of a change set, or a day or time as people type it."""


class _Seen(NamedTuple):
    """The last change set that is seen, and the time, UTC, at which it is looked around."""

    n: int
    time: str


def look_back(crm: Workspace, moment: Moment) -> Workspace:
    """Return `crm` as it stood at `moment`: the same face over the same folder, read-only, to be closed by itself.

    The answer does not depend on what is edited later: it is drawn from the journal. Settings and rights are those of
    today; "today" is the day of the moment. Raise NotFound for a change set that was not made, InvalidValue for text
    that is no time; writing raises Refused.
    """
    seen = _seen(crm, moment)
    past = copy(crm)
    past.store = PastStore(crm.store, seen.n, clock=lambda: seen.time)
    past.settings = copy(crm.settings)
    past.settings.day = datetime.fromisoformat(seen.time).astimezone(crm.settings.time_zone).date()
    past.customs = WorkspaceCustoms(past)
    past.warnings = []
    past.share_rights(crm)
    return past


def number_of(crm: Workspace, moment: Moment, option: str = "--as-of") -> int:
    """Return the number of the last change set that `moment` sees, 0 when there was none.

    `option` is what an error about the moment is told of.
    """
    return _seen(crm, moment, option).n


def _seen(crm: Workspace, moment: Moment, option: str = "--as-of") -> _Seen:
    if isinstance(moment, int):
        line = history.line(crm.store, moment)
        return _Seen(moment, line.time if line is not None else crm.store.now())
    until = min(_end_of(crm, moment, option), crm.store.now())
    return _Seen(number_at(crm.store, until), until)


def _end_of(crm: Workspace, moment: date | datetime | str, option: str) -> str:
    """Return a time in UTC; of a day its last second."""
    stored = named(field_dates.Moment(), option).parse(moment, crm.customs)
    if len(stored) > 10:
        return str(stored)
    following = date.fromisoformat(stored) + timedelta(days=1)
    midnight = datetime.combine(following, time(), crm.settings.time_zone)
    return (midnight.astimezone(UTC) - timedelta(seconds=1)).isoformat(timespec="seconds")
