"""Every kind of page of the console over 100,000 deals and 1,000,000 activities, beside its template alone.

`slowest` measures pages that are asked for again, and pages that are asked for first after a change, when sums and
reports that read every record have to be reckoned anew.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from statistics import median
from typing import NamedTuple

from benchmarks.clock import pair, seconds
from benchmarks.company import BOSS, DEALS, PER_DEAL, grown
from benchmarks.served import Console
from benchmarks.table import Row
from crm.entrance import open_workspace
from crm.workspace import Workspace

SELLER = "olga"
MANY = f"{DEALS:,} and {DEALS * PER_DEAL:,}"
TEMPLATE = "rendering its template"
SETTINGS = ("account", "plugins", "rates", "roles", "signins", "file/crm", "items/departments", "items/pipeline.sales",
            "items/fields.deal", "items/dictionary.sources")  # fmt: skip
"""Pages of settings below `/settings`."""
COLD_ROUNDS = 3


class Measured(NamedTuple):
    """A page with how many times its template it takes: asked for again, and first after a change."""

    address: str
    again: float
    first: float
    kilobytes: float


def rows(folder: Path, rounds: int) -> Iterator[Row]:
    """Measure the pages kind by kind and tell the slowest of each, and the heaviest of all."""
    root = grown(folder)
    with open_workspace(root, actor=BOSS) as crm:
        kinds = {name: list(addresses) for name, addresses in kinds_of_pages(crm)}
        every = []
        for name, addresses in kinds.items():
            measured = [_page(crm, console, one, rounds) for console in _people(root, name) for one in addresses]
            every += measured
            yield from _slowest(name, measured)
    heaviest = max(every, key=lambda one: one.kilobytes)
    yield Row(f"page with all that it needs: `{heaviest.address}`", "", MANY, heaviest.kilobytes, 150, "kB")


def _people(root: Path, name: str) -> list[Console]:
    """Return who looks: settings are the admin's, all else is a seller's, who may see less and has more to do."""
    return [Console(root, BOSS if name == "settings" else SELLER)]


def _slowest(name: str, measured: list[Measured]) -> Iterator[Row]:
    count = f"{name}, {len(measured)} pages" if len(measured) > 1 else name
    worst = max(measured, key=lambda one: one.again)
    yield Row(f"{count}: slowest `{worst.address}`", TEMPLATE, MANY, worst.again, 3)
    worst = max(measured, key=lambda one: one.first)
    yield Row(f"{count}, first after a change: slowest `{worst.address}`", TEMPLATE, MANY, worst.first, 0)


def _page(crm: Workspace, console: Console, address: str, rounds: int) -> Measured:
    render = console.template(address) or console.template("/accept")
    assert render is not None
    again = pair(lambda: console.get(address), render, rounds)
    first = [_after_a_change(crm, console, address, number) for number in range(COLD_ROUNDS)]
    return Measured(address, again.ratio, median(first) / again.floor, _weight(console, address) / 1000)


def _after_a_change(crm: Workspace, console: Console, address: str, number: int) -> float:
    crm.deals.set(1, comment=f"{address} {number}")
    console.get("/changes?after=1")
    return seconds(lambda: console.get(address))


def _weight(console: Console, address: str) -> int:
    """Return the bytes that a browser gets for a page with its styles and scripts."""
    page = console.get(address)
    html = gzip.decompress(page) if page[:2] == b"\x1f\x8b" else page
    linked = set(re.findall(rb'(?:href|src)="(/static/[^"#]+)', html))
    return len(page) + sum(len(console.get(one.decode())) for one in linked)


# --- which pages ------------------------------------------------------------------------------------------------------


def kinds_of_pages(crm: Workspace) -> Iterator[tuple[str, Iterable[str]]]:
    """Yield the kinds of pages with their addresses; JSON for scripts is measured against the intake box."""
    yield "my day", ("/", "/my?user=ivan")
    yield "boards", _boards(crm)
    yield "lists", _lists(crm)
    yield "cards", _cards(crm)
    yield "forms", _forms(crm)
    yield "calendar", ("/calendar", "/calendar?user=all")
    yield "intake, search, palette", (
        "/accept", "/find?text=Василий 512", "/find?text=79260000512", "/duplicates", "/duplicates?noun=company",
        "/palette?text=Василий 512", "/known?text=9260000512", "/suggest/company?text=Ромашка 512", "/goods?text=щеб",
    )  # fmt: skip
    yield "reports", ("/reports", *(f"/reports/{name}" for name in _brought(crm, "register_reports")))
    yield "pages of plugins", (*(f"/p/{name}" for name in _brought(crm, "register_pages")), "/p/profile", *_variants())
    yield "settings", ("/settings", "/users", "/import", *(f"/settings/{name}" for name in SETTINGS))


def _brought(crm: Workspace, hook: str) -> Iterator[str]:
    return (name for _plugin, (name, _target, _options) in crm.plugins.brought(hook))


def _variants() -> Iterator[str]:
    from crm.plugins.control.variants import VARIANTS

    yield from (f"/p/control?variant={name}" for name in VARIANTS)
    yield from (f"/p/load?view={name}" for name in ("day", "month"))


def _boards(crm: Workspace) -> Iterator[str]:
    yield f"/board/lead/{crm.settings.leads.id}"
    for pipeline in crm.settings.pipelines:
        yield f"/board/deal/{pipeline.id}"
        yield f"/board/deal/{pipeline.id}?owner={SELLER}"


def _lists(crm: Workspace) -> Iterator[str]:
    yield from (f"/{noun.plural}" for noun in crm.nouns.values())
    yield from (f"/deals?outcome=open&owner={SELLER}", "/deals?sort=-amount", "/activities?done=no&sort=due")


def _cards(crm: Workspace) -> Iterator[str]:
    yield "/deal/30"
    for noun in crm.nouns.values():
        yield from (f"/{one.ref}" for one in crm.collection(noun.name).find(sort="-id", limit=1))


def _forms(crm: Workspace) -> Iterator[str]:
    for noun in (crm.nouns[name] for name in ("lead", "contact", "company", "deal", "activity", "product")):
        yield f"/{noun.name}/add"
        yield from (f"/{one.ref}/edit" for one in crm.collection(noun.name).find(sort="-id", limit=1))
