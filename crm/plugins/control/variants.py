"""The light of clients and the seven variants of the report (M7); each returns rows as scripts get them."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

from crm.locale import N_
from crm.plugins.control import client, opportunity
from crm.plugins.control.light import COLORS, GREEN, Light, worst
from crm.plugins.control.touches import Touches

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from crm.model.report import Sort
    from crm.plugins.control.level import Level
    from crm.plugins.control.reading import Reading

Row = dict[str, Any]


class Variant(NamedTuple):
    """One variant: its title, its columns (name, title, what the values are) and what makes its rows."""

    title: str
    columns: tuple[tuple[str, str, Sort], ...]
    rows: Callable[[Reading, Level], Iterator[Row]]


# --- lights ----------------------------------------------------------------------------------------------------------


def client_lights(reading: Reading, level: Level) -> Iterator[Light]:
    """Yield the light of each client of a level."""
    return (client.light_of(one, reading.rules) for one in reading.clients() if level.has(one.owner))


def deal_lights(reading: Reading, level: Level) -> Iterator[tuple[opportunity.Opportunity, Light]]:
    """Yield each open deal of a level with its light."""
    for deal in reading.opportunities():
        if level.has(deal.owner):
            yield deal, opportunity.light_of(deal, reading.rules, reading.today)


def _row_of(light: Light) -> Row:
    return {
        "id": light.ref,
        "ref": light.ref,
        "label": light.label,
        "owner": light.owner,
        "light": light.color,
        "why": " ".join(one.why for one in light.broken),
        "rules": [one.rule for one in light.broken],
    }


def base(reading: Reading, level: Level) -> Iterator[Row]:
    """Yield clients with their light, the worst first."""
    return iter(sorted(map(_row_of, client_lights(reading, level)), key=_by_colour))


def deals(reading: Reading, level: Level) -> Iterator[Row]:
    """Yield open deals with their light, the worst first."""
    rows = ({**_row_of(light), "stage": deal.stage} for deal, light in deal_lights(reading, level))
    return iter(sorted(rows, key=_by_colour))


def _by_colour(row: Row) -> int:
    return COLORS.index(row["light"])


# --- counted by owner ------------------------------------------------------------------------------------------------


def clients(reading: Reading, level: Level) -> Iterator[Row]:
    """Yield owners with the number of their clients of each colour."""
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    for light in client_lights(reading, level):
        counted[light.owner][light.color] += 1
    for owner, colors in sorted(counted.items()):
        yield {"id": owner, "owner": owner, "clients": colors.total(), **{one: colors[one] for one in COLORS}}


def touches(reading: Reading, level: Level) -> Iterator[Row]:
    """Yield owners with their clients and the touches of the last `touch_days` days, per client."""
    touched = Touches(reading, reading.rules.touch_days)
    owned: dict[str, list[str]] = defaultdict(list)
    for one in reading.clients():
        if level.has(one.owner):
            owned[one.owner].append(one.ref)
    for owner, refs in sorted(owned.items()):
        counts = [touched.of(ref) for ref in refs]
        yield {
            "id": owner,
            "owner": owner,
            "clients": len(refs),
            "touches": sum(counts),
            "per_client": round(sum(counts) / len(refs), 2),
            "untouched": counts.count(0),
        }


def activities(reading: Reading, level: Level) -> Iterator[Row]:
    """Yield owners with what is overdue, planned and done; red with anything overdue."""
    agenda = Touches(reading, reading.rules.touch_days)
    for owner, row in agenda.by_owner(level.has):
        yield {"id": owner, "owner": owner, "light": "red" if row["overdue"] else GREEN, **row}


# --- clients and deals together --------------------------------------------------------------------------------------


def warm(reading: Reading, level: Level) -> Iterator[Row]:
    """Yield clients with an open deal who were reached within `warm_days`, with the touches and the light."""
    touched = Touches(reading, reading.rules.warm_days, successful=True)
    for one in reading.clients():
        if level.has(one.owner) and one.deals and touched.of(one.ref):
            light = client.light_of(one, reading.rules)
            yield {**_row_of(light), "deals": list(one.deals), "touches": touched.of(one.ref)}


def clients_deals(reading: Reading, level: Level) -> Iterator[Row]:
    """Yield clients, each followed by its open deals; a client's light is the worst of its own and theirs."""
    by_client: dict[str, list[Light]] = defaultdict(list)
    for deal, light in deal_lights(reading, level):
        for ref in deal.clients:
            by_client[ref].append(light)
    for light in client_lights(reading, level):
        own = by_client.get(light.ref, [])
        yield {**_row_of(light), "light": worst([light.color, *(one.color for one in own)]), "client": light.ref}
        for one in own:
            yield {**_row_of(one), "client": light.ref}


def funnel(reading: Reading, level: Level) -> Iterator[Row]:
    """Yield the stages with the open deals that stand there by colour, and which these are."""
    stages: dict[tuple[str, str], list[Light]] = defaultdict(list)
    for deal, light in deal_lights(reading, level):
        stages[reading.deals[deal.ref].pipeline, deal.stage].append(light)
    for (pipeline, stage), lights in stages.items():
        counted = Counter(one.color for one in lights)
        yield {
            "id": f"{pipeline}/{stage}",
            "pipeline": pipeline,
            "stage": stage,
            "deals": len(lights),
            **{one: counted[one] for one in COLORS},
            "refs": [one.ref for one in lights],
        }


# --- the table of variants -------------------------------------------------------------------------------------------

_OWNER: tuple[str, str, Sort] = ("owner", N_("Owner"), "text")
_LIGHT: tuple[str, str, Sort] = ("light", N_("Light"), "text")
_WHY: tuple[str, str, Sort] = ("why", N_("Why"), "text")
_COLOURS: tuple[tuple[str, str, Sort], ...] = (
    ("red", N_("Red"), "count"),
    ("yellow", N_("Yellow"), "count"),
    ("green", N_("Green"), "count"),
)


def _named(label: str) -> tuple[tuple[str, str, Sort], ...]:
    return (_LIGHT, ("ref", N_("Record"), "text"), ("label", label, "text"), _OWNER)


VARIANTS = {
    "light": Variant(N_("The light of each client"), (*_named(N_("Client")), _WHY), base),
    "touches": Variant(
        N_("Touches per client"),
        (
            _OWNER,
            ("clients", N_("Clients"), "count"),
            ("touches", N_("Touches"), "count"),
            ("per_client", N_("Per client"), "days"),
            ("untouched", N_("Without a touch"), "count"),
        ),
        touches,
    ),
    "activities": Variant(
        N_("By activities"),
        (
            _LIGHT,
            _OWNER,
            ("overdue", N_("Overdue"), "count"),
            ("planned", N_("Planned"), "count"),
            ("done", N_("Done"), "count"),
        ),
        activities,
    ),
    "warm": Variant(N_("By warm clients"), (*_named(N_("Client")), ("touches", N_("Touches"), "count"), _WHY), warm),
    "deals": Variant(N_("By open deals"), (*_named(N_("Deal")), ("stage", N_("Stage"), "text"), _WHY), deals),
    "clients": Variant(N_("By clients"), (_OWNER, ("clients", N_("Clients"), "count"), *_COLOURS), clients),
    "clients-deals": Variant(N_("By clients and their deals"), (*_named(N_("Client or deal")), _WHY), clients_deals),
    "funnel": Variant(
        N_("The funnel in detail"),
        (
            ("pipeline", N_("Pipeline"), "text"),
            ("stage", N_("Stage"), "text"),
            ("deals", N_("Deals"), "count"),
            *_COLOURS,
        ),
        funnel,
    ),
}


def counts(rows: Iterable[Row]) -> dict[str, int]:
    """Return how many rows have each colour."""
    counted = Counter(row["light"] for row in rows if "light" in row)
    return {color: counted[color] for color in COLORS}
