"""Rules for deals: a next step in time, the norm of the stage, amounts, clients, papers and reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm.locale import _
from crm.model.deal import LOST, WON
from crm.plugins.control.level import Level
from crm.plugins.control.report import read
from crm.plugins.control.variants import deal_lights

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm.workspace import Workspace

Found = tuple[str, str]


def _broken(crm: Workspace, rule: str) -> Iterator[Found]:
    """Yield the open deals that break a criterion of «Контроль»."""
    broken: dict[str, list[Found]] = crm.remembered("lint lights", lambda: _lights(crm))
    yield from broken.get(rule, ())


def _lights(crm: Workspace) -> dict[str, list[Found]]:
    """Return what every criterion of «Контроль» finds, by its name."""
    broken: dict[str, list[Found]] = {}
    for deal, light in deal_lights(read(crm), Level()):
        for finding in light.broken:
            broken.setdefault(finding.rule, []).append((deal.ref, f"{finding.why} {finding.advice}"))
    return broken


def without_next_activity(crm: Workspace) -> Iterator[Found]:
    """Yield open deals that nobody will come back to."""
    return _broken(crm, "next_activity")


def too_far(crm: Workspace) -> Iterator[Found]:
    """Yield open deals whose next activity is too far ahead for their cycle (M8)."""
    return _broken(crm, "gap")


def stalled(crm: Workspace) -> Iterator[Found]:
    """Yield open deals that stand in their stage beyond its norm (M10, R9)."""
    return _broken(crm, "stage_norm")


def late(crm: Workspace) -> Iterator[Found]:
    """Yield open deals whose expected close is past."""
    from tinydb.queries import where

    today = crm.today().isoformat()
    for deal in crm.deals.find(_open() & (where("expected_close") < today)):
        yield deal.ref, _("It was to close on {day}: set a new day or close it.").format(day=deal.expected_close)


def without_amount(crm: Workspace) -> Iterator[Found]:
    """Yield open deals that no forecast counts."""
    from tinydb.queries import where

    for deal in crm.deals.find(_open() & ~where("amount").exists()):
        yield deal.ref, _("No amount: crm deal set {id} amount=…").format(id=deal.id)


def without_client(crm: Workspace) -> Iterator[Found]:
    """Yield deals of nobody."""
    from tinydb.queries import where

    for deal in crm.deals.find(_open() & ~where("company").exists() & ~where("contacts").exists()):
        yield deal.ref, _("Neither a company nor a contact: crm deal link {id} REF").format(id=deal.id)


def won_without_papers(crm: Workspace) -> Iterator[Found]:
    """Yield won deals without an invoice."""
    from tinydb.queries import where

    if "invoice" not in crm.nouns:
        return
    papered = {str(group.by[0]) for group in crm.collection("invoice").totals("deal")}
    for deal in crm.deals.find(where("outcome") == WON):
        if deal.ref not in papered:
            yield deal.ref, _("Won without an invoice: crm invoice issue --deal {id}").format(id=deal.id)


def lost_without_reason(crm: Workspace) -> Iterator[Found]:
    """Yield lost deals that teach nothing (R7)."""
    from tinydb.queries import where

    for deal in crm.deals.find((where("outcome") == LOST) & ~where("lost_reason").exists()):
        yield deal.ref, _("Lost without a reason: crm deal set {id} lost_reason=…").format(id=deal.id)


def _open() -> Any:
    from tinydb.queries import where

    return ~where("outcome").exists()
