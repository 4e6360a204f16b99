"""Conversion of a lead: one change set that makes or finds the client and, when he is ready to buy, the deal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from crm.errors import NotFound
from crm.model.lead import Lead
from crm.sales.leads import CONVERTED

if TYPE_CHECKING:
    from crm.model.company import Company
    from crm.model.contact import Contact
    from crm.model.deal import Deal
    from crm.sales.desk import Desk
    from crm.store.draft import Draft


class Conversion(NamedTuple):
    """What a lead became."""

    lead: Lead
    contact: Contact | None
    company: Company | None
    deal: Deal | None


def convert(
    crm: Desk, draft: Draft, lead: Lead, *, company: str, contact: str, deal: dict[str, object] | None
) -> Conversion:
    """Convert a lead within `draft`; a client that is known by name, phone or e-mail is not made twice."""
    client = _company(crm, lead, company or lead.company_name)
    person = _contact(crm, lead, contact or lead.contact_name or _person_in(crm, lead), client, required=client is None)
    sale = _deal(crm, lead, client, person, deal) if deal is not None else None
    became = next(record.ref for record in (sale, client, person) if record is not None)
    fields = {"stage": CONVERTED, "stage_since": draft.time, "converted_to": became, "quality": lead.quality or "good"}
    draft.update("lead", lead.id, fields)
    draft.emit("on_stage_changed", lead.ref, old_stage=lead.stage, new_stage=CONVERTED)
    refs = {
        name: record.ref if record is not None else None
        for name, record in (("contact", person), ("company", client), ("deal", sale))
    }
    draft.emit("on_lead_converted", lead.ref, **refs)
    _carry_over(crm, draft, lead, became)
    return Conversion(crm.collection("lead").get(lead.id), person, client, sale)


def deal_at_once(crm: Desk, values: dict[str, object], pipeline: str) -> Deal:
    """Make a deal of a request without a lead before it (S1, P5), and its client where he is not known yet."""
    with crm.writing("deal add"):
        crm.guard.check("create", "deal", None)
        fields = crm.nouns["lead"].read(values, crm.customs)
        request = Lead({"id": 0, "rev": 0, **{name: value for name, value in fields.items() if value is not None}})
        client = _company(crm, request, request.company_name)
        name = request.contact_name or _person_in(crm, request)
        person = _contact(crm, request, name, client, required=client is None)
        return _deal(crm, request, client, person, {"pipeline": pipeline, "comment": request.comment})


def _company(crm: Desk, lead: Lead, name: str) -> Company | None:
    if not name:
        return None
    companies = crm.collection("company")
    try:
        found: Company = companies.get(crm.customs.find_ref("company", name))
    except NotFound:
        found = companies.add(name=name, owner=lead.owner)
    return found


def _person_in(crm: Desk, lead: Lead) -> str:
    """Return the person's name within a lead's name that follows the team's scheme (E5): «Москва, Василий, щебень»."""
    parts = crm.settings.account.lead_name_scheme.split(lead.name)
    return parts.get("name", "") if parts else ""


def _contact(crm: Desk, lead: Lead, name: str, client: Company | None, *, required: bool) -> Contact | None:
    contacts = crm.collection("contact")
    known = _known_contact(crm, lead)
    if known is not None:
        if client is not None and client.ref not in known.companies:
            known = contacts.set(known.id, companies=[*known.companies, client.ref])
        return known
    if not name and not required and not lead.phones and not lead.emails:
        return None
    values: dict[str, Any] = {
        "name": name or lead.name,
        "phones": [lead.doc.get("phones_typed", {}).get(number, number) for number in lead.phones],
        "emails": list(lead.emails),
        "companies": [client.ref] if client is not None else [],
        "owner": lead.owner,
    }
    made: Contact = contacts.add(**values)
    return made


def _known_contact(crm: Desk, lead: Lead) -> Contact | None:
    from crm.model.phone import search_key

    contacts = crm.collection("contact")
    for number in lead.phones:
        for found in contacts.having("phones", search_key(number)):
            return found  # type: ignore[no-any-return]
    for address in lead.emails:
        for found in contacts.having("emails", address):
            return found  # type: ignore[no-any-return]
    return None


def _deal(crm: Desk, lead: Lead, client: Company | None, person: Contact | None, asked: dict[str, object]) -> Deal:
    values: dict[str, object] = {
        "title": asked.get("title") or lead.name,
        "amount": asked.get("amount") or lead.amount,
        "source": lead.source,
        "company": client.ref if client is not None else None,
        "contacts": [person.ref] if person is not None else [],
        "lead": lead.ref if lead.id else None,
        "owner": lead.owner,
        "comment": asked.get("comment"),
    }
    if asked.get("pipeline"):
        values["pipeline"] = asked["pipeline"]
    made: Deal = crm.collection("deal").add(**{name: value for name, value in values.items() if value})
    return made


def _carry_over(crm: Desk, draft: Draft, lead: Lead, became: str) -> None:
    """Let the activities about the lead go on about what it became."""
    for activity in crm.collection("activity").having("about", lead.ref):
        if not activity.done:
            draft.update("activity", activity.id, {"about": became})
