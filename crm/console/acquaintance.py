"""What is known of a client, in lines to read while he is on the phone: deals, what is next, what was, what is owed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tinydb.queries import where

from crm.console.routes import page
from crm.console.visit import Plain
from crm.errors import CrmError, InvalidValue
from crm.locale import _
from crm.model.phone import format_phone
from crm.sales.intake import read_request

if TYPE_CHECKING:
    from crm.console.visit import Context, Visit
    from crm.model.activity import Activity
    from crm.model.record import Record

FOUND, TOLD = 8, 3
"""Clients that are named, and how many of them with their history."""
_CLIENTS = ("contact", "company", "lead")
_OPEN: Any = ~where("outcome").exists()


@page("/known")
def known(visit: Visit) -> Plain:
    """Name the clients that fit the text of a request, each with his number and history; last, a new lead of it."""
    text = visit.query.get("text").strip()
    found = find(visit, text, _CLIENTS, FOUND)
    told = [_shown(visit, one, told=place < TOLD) for place, one in enumerate(found)]
    return Plain([*told, *_new(visit, text)])


def find(visit: Visit, text: str, nouns: tuple[str, ...], limit: int) -> list[Record]:
    """Return the records that fit a text of two signs or more."""
    if len(text) < 2:
        return []
    try:
        found: list[Record] = visit.crm.find(_without_trunk(text), nouns=nouns, limit=limit)
    except InvalidValue:
        return []
    return found


def _without_trunk(text: str) -> str:
    """Return the beginning of a Russian number without its 8, which a stored number does not have."""
    digits = "".join(sign for sign in text if sign.isdecimal())
    plain = all(sign.isdecimal() or sign in " ()-" for sign in text)
    return digits[1:] if plain and digits.startswith("8") and 4 < len(digits) < 11 else text


def _shown(visit: Visit, one: Record, *, told: bool) -> Context:
    numbers = [format_phone(number) for number in one.doc.get("phones", [])[:1]]
    return {
        "title": one.label,
        "about": " · ".join([visit.crm.nouns[one.noun].entity.one(), *numbers]),
        "address": visit.url.record(one.ref),
        "icon": visit.shown.icon(one.noun),
        "ref": one.ref,
        "lines": history(visit, one) if told else [],
    }


def _new(visit: Visit, text: str) -> list[Context]:
    """Return the way to a new lead (in simple mode, a deal) of the text, for who may add one."""
    kind = "lead" if visit.crm.settings.account.mode == "classic" else "deal"
    if len(text) < 2 or not visit.crm.guard.may("create", kind, None):
        return []
    asked = read_request(text, [], [], "")
    said = {"name": asked.name, "phones": ", ".join(asked.phones), "emails": ", ".join(asked.emails)}
    if kind == "deal":
        said = {"title": asked.name or text, "contact": asked.name, "phone": said["phones"], "email": said["emails"]}
    title = _("New lead: {text}") if kind == "lead" else _("New deal: {text}")
    address = visit.url.add(kind, **said)
    return [{"title": title.format(text=text), "about": "", "address": address, "icon": "plus", "ref": "", "lines": []}]


def history(visit: Visit, client: Record) -> list[str]:
    """Return what goes on with a client and what was last, a line each."""
    deals = _deals(visit, client)
    lines = [_deal(visit, one) for one in deals[:2]]
    lines = lines or [_stage(visit, client) if client.noun == "lead" else _("no open deals")]
    refs = [client.ref, *(one.ref for one in deals)]
    found: list[Activity] = list(visit.crm.activities.holding("about", refs, where("id") > 0))
    plans = sorted((one for one in found if not one.done), key=lambda one: str(one.doc.get("due", "9")))
    past = sorted((one for one in found if one.done), key=lambda one: str(one.doc.get("done_at", "")))
    lines += [_("next: {what}").format(what=_activity(visit, one, "due")) for one in plans[:1]]
    lines += [_("last: {what}").format(what=_activity(visit, one, "done_at")) for one in past[-1:]]
    return [*lines, *_owed(visit, client, deals)]


def _deals(visit: Visit, client: Record) -> list[Record]:
    field = {"contact": "contacts", "company": "company"}.get(client.noun)
    if field is None:
        return []
    try:
        found = visit.crm.deals.holding(field, [client.ref], _OPEN)
        return sorted(found, key=lambda one: str(one.doc.get("updated")), reverse=True)
    except CrmError:  # who asks may not read deals
        return []


def _deal(visit: Visit, deal: Record) -> str:
    stage = visit.shown.text(visit.crm.nouns["deal"].fields["stage"], deal.doc.get("stage"))
    return " · ".join(filter(None, (deal.label, stage, visit.shown.money(deal.doc.get("amount")))))


def _stage(visit: Visit, lead: Record) -> str:
    return visit.shown.text(visit.crm.nouns["lead"].fields["stage"], lead.doc.get("stage", ""))


def _activity(visit: Visit, one: Activity, moment: str) -> str:
    when = one.due if moment == "due" else visit.crm.nouns["activity"].fields["done_at"].value(one.doc.get("done_at"))
    told = visit.shown.clock.moment(when)["text"] if when is not None else ""
    return f"{told} {one.subject}".strip()


def _owed(visit: Visit, client: Record, deals: list[Record]) -> list[str]:
    """Return the invoices that wait for their money."""
    if "invoice" not in visit.crm.nouns:
        return []
    fields = visit.crm.nouns["invoice"].fields
    by = [("company", [client.ref]), ("deal", [one.ref for one in deals])]
    found: dict[int, Record] = {}
    for field, refs in by:
        if field in fields and refs:
            unpaid = where("status").one_of(["issued", "checking", "approved", "sent", "partly_paid"])
            found |= {one.id: one for one in visit.crm.collection("invoice").holding(field, refs, unpaid)}
    return [
        _("to pay: {invoice}, {sum}").format(invoice=one.label, sum=visit.shown.money(one.doc.get("balance")))
        for one in list(found.values())[:1]
    ]
