"""One client and his light by four criteria: an open deal, nothing overdue, portrait and contact data filled (M6).

Judging is a pure function of what is known of the client and the rules; reading it is `reading.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crm.locale import _
from crm.plugins.control.light import Finding, Light, kept

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm.plugins.control.settings import ControlRules


class Person(NamedTuple):
    """A person of a client, with the fields that are empty of those that must be filled."""

    ref: str
    empty: tuple[str, ...]


class Client(NamedTuple):
    """What the light of a client is judged by; references and, for what is empty, titles of fields."""

    ref: str
    label: str
    owner: str
    deals: tuple[str, ...] = ()
    overdue: tuple[str, ...] = ()
    empty: tuple[str, ...] = ()
    people: tuple[Person, ...] = ()


def light_of(client: Client, rules: ControlRules) -> Light:
    """Judge a client by the criteria that are switched on."""
    weights = rules.client
    findings = (
        _active_deal(client, weights.active_deal),
        _no_overdue(client, weights.no_overdue, rules.overdue_days),
        _portrait(client, weights.portrait),
        _contact_data(client, weights.contact_data),
    )
    return Light(client.ref, client.label, client.owner, tuple(one for one in findings if one.color != "none"))


def _active_deal(client: Client, weight: str) -> Finding:
    if client.deals:
        return kept("active_deal", _("Open deals: {n}.").format(n=len(client.deals)))
    return Finding(
        "active_deal",
        weight,
        _("No open deal."),
        _("at least one open deal"),
        (client.ref,),
        _("Offer something, or close the question: crm deal add … --company {ref}").format(ref=client.ref),
    )


def _no_overdue(client: Client, weight: str, days: int) -> Finding:
    threshold = _("no activity more than {days} days behind its date").format(days=days)
    return overdue_finding(client.overdue, weight, threshold)


def overdue_finding(overdue: tuple[str, ...], weight: str, threshold: str) -> Finding:
    """Judge overdue activities of a client or of a deal."""
    if not overdue:
        return kept("no_overdue", _("Nothing is overdue."), threshold)
    return Finding(
        "no_overdue",
        weight,
        _("Overdue activities: {n}.").format(n=len(overdue)),
        threshold,
        overdue,
        _("Do it or put it off: crm activity done {id}, crm activity postpone {id}").format(
            id=overdue[0].partition("/")[2]
        ),
    )


def _portrait(client: Client, weight: str) -> Finding:
    if not client.empty:
        return kept("portrait", _("The portrait is filled."))
    return Finding(
        "portrait",
        weight,
        _("The portrait lacks: {fields}.").format(fields=", ".join(client.empty)),
        _("the fields named under «portrait» in config/control.yaml"),
        (client.ref,),
        _("Ask the client and fill them in: crm {noun} set {id} FIELD=VALUE").format(
            noun=client.ref.partition("/")[0], id=client.ref.partition("/")[2]
        ),
    )


def _contact_data(client: Client, weight: str) -> Finding:
    threshold = _("a person with the fields named under «contact_data» in config/control.yaml")
    if not client.people:
        advice = _("Add whom to talk to: crm contact add NAME --company {ref}").format(ref=client.ref)
        return Finding("contact_data", weight, _("Nobody to talk to is known."), threshold, (client.ref,), advice)
    poor = [one for one in client.people if one.empty]
    if not poor:
        return kept("contact_data", _("Contact data is filled."), threshold)
    lacking = "; ".join(f"{one.ref}: {', '.join(one.empty)}" for one in poor)
    return Finding(
        "contact_data",
        weight,
        _("People lack: {fields}.").format(fields=lacking),
        threshold,
        tuple(one.ref for one in poor),
        _("Fill it in: crm contact set {id} FIELD=VALUE").format(id=poor[0].ref.partition("/")[2]),
    )


def lights(clients: Iterator[Client], rules: ControlRules) -> Iterator[Light]:
    """Judge clients one after another."""
    return (light_of(client, rules) for client in clients)
