"""When leads were answered first: by an activity that was done, or by a step on their road; and how long that took."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from crm.plugins.mailings.spreading import read_hours
from crm.plugins.sla.settings import SlaSettings
from crm.plugins.sla.worktime import Workdays, WorkTime
from crm.sales import seen
from crm.store import history

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm.model.record import Record
    from crm.workspace import Workspace

IN_TIME, LATE, WAITING, OVERDUE = "in_time", "late", "waiting", "overdue"
STEPS = ("on_stage_changed", "on_lead_converted", "on_lead_rejected")


class Wait(NamedTuple):
    """How long a lead waited, or waits: `minutes` of work; `answered` is None while nobody has answered."""

    lead: Record
    minutes: int
    answered: datetime | None
    norm: int

    @property
    def state(self) -> str:
        """Return in_time, late, waiting or overdue."""
        if self.answered is not None:
            return IN_TIME if self.minutes <= self.norm else LATE
        return WAITING if self.minutes <= self.norm else OVERDUE


def rules(crm: Workspace) -> SlaSettings:
    """Return `config/sla.yaml`."""
    return crm.settings.section("sla", SlaSettings)


def working_day(crm: Workspace) -> int:
    """Return how many minutes a working day has."""
    hours = read_hours(rules(crm).hours)
    return (hours.last.hour - hours.first.hour) * 60 + hours.last.minute - hours.first.minute


def made(lead: Record) -> datetime:
    """Return when a lead came in."""
    return datetime.fromisoformat(str(lead.doc["created"]))


def waits(crm: Workspace, leads: Sequence[Record], now: datetime | None = None) -> list[Wait]:
    """Return how long each of the leads waited for its first answer; `now` is what a waiting one is measured by."""
    found = _answers(crm, leads)
    moment = now or datetime.now(UTC)
    norm, time_of = rules(crm).minutes, _Times(crm, min(map(made, leads), default=moment))
    result = []
    for lead in leads:
        answered = found.get(lead.ref)
        minutes = time_of(str(lead.doc.get("owner") or "")).minutes(made(lead), answered or moment)
        result.append(Wait(lead, minutes, answered, norm))
    return result


class _Times:
    """When each owner works; what is known of a department is kept from one owner to the next."""

    def __init__(self, crm: Workspace, earliest: datetime) -> None:
        self.crm = crm
        self.earliest = earliest.date() - timedelta(days=1)
        self.hours = read_hours(rules(crm).hours)
        self.departments = crm.settings.departments
        self._by_department: dict[str, WorkTime] = {}
        self._by_owner: dict[str, WorkTime] = {}

    def __call__(self, owner: str) -> WorkTime:
        """Return when the owner of a lead works."""
        if owner not in self._by_owner:
            user = self.crm.users.by_login(owner)
            self._by_owner[owner] = self._of((user.department if user is not None else "") or self.departments.only)
        return self._by_owner[owner]

    def _of(self, department: str) -> WorkTime:
        if department not in self._by_department:
            days = Workdays(lambda day: self.departments.works(department, day))
            days.between(self.earliest, self.earliest + timedelta(days=1))
            time = WorkTime(self.hours.first, self.hours.last, days, self.crm.settings.time_zone)
            self._by_department[department] = time
        return self._by_department[department]


def _answers(crm: Workspace, leads: Sequence[Record]) -> dict[str, datetime]:
    """Return when each lead was answered first, where it was."""
    if not leads:
        return {}
    refs = {lead.ref for lead in leads}
    found: dict[str, datetime] = {}
    for ref, moment in [*_by_activities(crm, refs), *_by_steps(crm, leads, refs)]:
        if ref not in found or moment < found[ref]:
            found[ref] = moment
    return found


def _by_activities(crm: Workspace, refs: set[str]) -> list[tuple[str, datetime]]:
    from tinydb.queries import where

    kinds = rules(crm).kinds
    done: Any = where("done") == True  # noqa: E712 - a query
    found = []
    for one in crm.activities.holding("about", refs, done):
        missed = one.direction == "in" and one.outcome in ("no_answer", "failure")
        if one.kind in kinds and not missed and isinstance(one.done_at, datetime):
            found.append((str(one.about), one.done_at))
    return found


def _by_steps(crm: Workspace, leads: Sequence[Record], refs: set[str]) -> list[tuple[str, datetime]]:
    """Return the steps of leads on their road, read from the history in one pass: who moves a lead takes it up."""
    first = crm.settings.leads.first.id
    if all(lead.doc.get("stage") == first for lead in leads):
        return []
    since = min(map(made, leads)).isoformat(timespec="seconds")
    return [
        (event["ref"], datetime.fromisoformat(line.time))
        for line in seen.lines(crm, history.Asked(since=since, events=STEPS))
        for event in line.events
        if event["name"] in STEPS and event["ref"] in refs
    ]
