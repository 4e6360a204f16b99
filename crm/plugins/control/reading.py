"""What is known of clients and open deals, read in one pass over each noun; judging it is elsewhere."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import chain
from typing import TYPE_CHECKING, Any

from crm.plugins.control.client import Client, Person
from crm.plugins.control.opportunity import Opportunity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from crm.model.activity import Activity
    from crm.model.deal import Deal
    from crm.model.record import Record
    from crm.plugins.control.settings import ControlRules
    from crm.workspace import Workspace


class Reading:
    """What is known today of the clients and open deals that the actor may see; each noun is read once, when needed."""

    def __init__(self, crm: Workspace, rules: ControlRules) -> None:
        self.crm = crm
        self.rules = rules
        self.today = crm.today()
        self.deals: dict[str, Deal] = {deal.ref: deal for deal in crm.deals.find(_open())}
        self._overdue: dict[str, list[str]] = defaultdict(list)
        self._planned: dict[str, list[date]] = defaultdict(list)
        self._employers: dict[str, tuple[str, ...]] = {}
        self._people: dict[str, list[Person]] = defaultdict(list)
        self._alone: list[Client] = []
        self._read_contacts()
        self._agenda: list[tuple[str, bool]] = []
        self._read_activities()

    # --- people --------------------------------------------------------------------------------------------------

    def _read_contacts(self) -> None:
        """Read the people of each company, and as clients of their own those of none."""
        for contact in self.crm.contacts.find():
            person = Person(contact.ref, empty_fields(contact, self.rules.contact_data))
            self._employers[contact.ref] = tuple(contact.companies)
            for company in contact.companies:
                self._people[company].append(person)
            if not contact.companies:
                self._alone.append(_client(contact, self.rules.portrait.contact, (person,)))

    # --- activities ----------------------------------------------------------------------------------------------

    def _read_activities(self) -> None:
        from tinydb.queries import where

        late = self.today - timedelta(days=self.rules.overdue_days)
        undone = ~where("done").exists() | (where("done") == False)  # noqa: E712 - a query that the index answers
        for activity in self.crm.activities.find(undone):
            about = str(activity.about or "")
            day = self._day(activity)
            self._agenda.append((activity.owner, day is not None and day < late))
            if day is not None and day < late:
                self._overdue[about].append(activity.ref)
            else:
                self._planned[about].append(day or self.today)

    def agenda(self) -> list[tuple[str, bool]]:
        """Return the owner of each activity that is not done, and whether it is overdue."""
        return self._agenda

    def _day(self, activity: Activity) -> date | None:
        due = activity.due
        return due.astimezone(self.crm.settings.time_zone).date() if isinstance(due, datetime) else due

    # --- clients -------------------------------------------------------------------------------------------------

    def clients(self) -> Iterator[Client]:
        """Yield the clients: companies, then people who belong to none."""
        deals = self._by_client(self.deals)
        overdue = self._overdue_by_client()
        companies = (
            _client(company, self.rules.portrait.company, self._people.get(company.ref, ()))
            for company in self.crm.companies.find()
        )
        for one in chain(companies, self._alone):
            yield one._replace(deals=tuple(deals.get(one.ref, ())), overdue=tuple(overdue.get(one.ref, ())))

    def _by_client(self, deals: Iterable[str]) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for ref in deals:
            for client in self.clients_of(ref):
                found[client].append(ref)
        return found

    def _overdue_by_client(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for about, late in self._overdue.items():
            for client in self.clients_of(about):
                found[client] += late
        return found

    def clients_of(self, ref: str) -> list[str]:
        """Return the clients that a record is about: itself, its company, or the people it names."""
        kind = ref.partition("/")[0]
        if kind == "company":
            return [ref]
        if kind == "contact":
            return list(self._employers.get(ref) or (ref,))
        deal = self.deals.get(ref)
        doc = deal.doc if deal is not None else self._doc(ref)
        if doc.get("company"):
            return [doc["company"]]
        linked = [*doc.get("contacts", ()), *filter(None, [doc.get("contact"), doc.get("deal")])]
        return list(dict.fromkeys(client for one in linked for client in self.clients_of(one)))

    def _doc(self, ref: str) -> dict[str, Any]:
        kind, _slash, number = ref.partition("/")
        if kind not in self.crm.nouns or not number.isdecimal():
            return {}
        return self.crm.doc(kind, int(number)) or {}

    # --- open deals ----------------------------------------------------------------------------------------------

    def opportunities(self) -> Iterator[Opportunity]:
        """Yield the open deals in the order of their pipelines and stages."""
        cycles = self._cycles()
        places = {
            (pipeline.id, stage.id): (number, place, stage)
            for number, pipeline in enumerate(self.crm.settings.pipelines)
            for place, stage in enumerate(pipeline.stages)
        }
        unknown = (len(places), 0, None)
        for deal in sorted(self.deals.values(), key=lambda one: places.get((one.pipeline, one.stage), unknown)[:2]):
            stage = places.get((deal.pipeline, deal.stage), unknown)[2]
            yield Opportunity(
                deal.ref,
                str(deal.label),
                deal.owner,
                stage.title.text() if stage else deal.stage,
                self._since(deal),
                stage.norm_days if stage else None,
                cycles.get(deal.pipeline),
                tuple(self.clients_of(deal.ref)),
                tuple(self._overdue.get(deal.ref, ())),
                tuple(self._planned.get(deal.ref, ())),
            )

    def _since(self, deal: Deal) -> date:
        since = deal.stage_since or deal.created
        return since.astimezone(self.crm.settings.time_zone).date() if isinstance(since, datetime) else self.today

    def _cycles(self) -> dict[str, Decimal]:
        from crm.model.report import Asked
        from crm.plugins.reports.cycle import cycle

        rows = cycle(self.crm, Asked(by="pipeline")).rows
        return {row["pipeline"]: Decimal(str(row["mean_days"])) for row in rows if row["mean_days"] is not None}


def _client(record: Record, portrait: tuple[str, ...], people: Iterable[Person]) -> Client:
    empty = empty_fields(record, portrait)
    return Client(record.ref, str(record.label), record.owner, empty=empty, people=tuple(people))


def _open() -> Any:
    from tinydb.queries import where

    return ~where("outcome").exists()


def empty_fields(record: Record, names: Iterable[str]) -> tuple[str, ...]:
    """Return the titles of those of the fields that are empty; `tax_ids.inn` is a part of a field."""
    return tuple(_label(record, name) for name in names if not _filled(record.doc, name))


def _filled(doc: dict[str, Any], name: str) -> bool:
    head, _dot, part = name.partition(".")
    value = doc.get(head)
    return bool(value.get(part) if part and isinstance(value, dict) else value)


def _label(record: Record, name: str) -> str:
    field = record.fields.get(name.partition(".")[0])
    return field.label if field is not None else name
