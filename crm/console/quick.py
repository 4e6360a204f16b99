"""Quick entry: a deal with its client from four words, a lead from three; who is known is not added twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm.errors import WrongUsage
from crm.locale import _
from crm.model.fields import REF
from crm.sales.intake import find_client, read_request
from crm.sales.noun import fold

if TYPE_CHECKING:
    from crm.console.controls import Typed
    from crm.console.visit import Words
    from crm.model.record import Record
    from crm.workspace import Workspace


def add_quickly(crm: Workspace, kind: str, form: Words) -> Record:
    """Add what a column's quick entry says: title, name, contact, amount, stage and pipeline."""
    title = form.get("title").strip()
    if not title:
        raise WrongUsage(_("A title is needed."), _("Write what it is about."))
    values: dict[str, Any] = {"stage": form.get("stage"), "amount": form.get("amount").strip()}
    values = {name: value for name, value in values.items() if value}
    with crm.transaction(f"{kind} add"):
        if kind == "lead":
            asked = read_request(form.get("contact"), [], [], "")
            found: Record = crm.leads.add(name=title, phones=asked.phones, emails=asked.emails, **values)
            return found
        client = {"contact": form.get("name").strip(), "said": form.get("contact").strip()}
        return add_deal(crm, {"title": title, "pipeline": form.get("pipeline"), **values}, client)


def quick_words(kind: str, form: Words) -> tuple[dict[str, Typed], dict[str, str]]:
    """Return what a quick entry says as the words of the whole form: those of the record, and those of its client."""
    said = form.get("contact").strip()
    amount = {"amount": form.get("amount"), "stage": form.get("stage")}
    if kind == "lead":
        return {"name": form.get("title"), **amount, "emails" if "@" in said else "phones": said}, {}
    client = {"contact": form.get("name"), "email" if "@" in said else "phone": said}
    return {"title": form.get("title"), **amount, "pipeline": form.get("pipeline")}, client


def add_deal(crm: Workspace, values: dict[str, Any], client: dict[str, str]) -> Record:
    """Add a deal with its company and its contact, each found or made."""
    company = client_company(crm, client.get("company", ""))
    contact = client_contact(crm, client, company)
    linked = {"company": company, "contacts": [contact] if contact else None}
    given = {name: value for name, value in {**values, **linked}.items() if value}
    return crm.deals.add(**given)


def client_company(crm: Workspace, name: str) -> str:
    """Return the reference of a company by its name or reference, made when there is none; empty for no name."""
    if not name:
        return ""
    return named(crm, "company", name) or crm.companies.add(name=name).ref


def named(crm: Workspace, kind: str, name: str) -> str:
    """Return the record that is called exactly so, or is named by its reference; empty for none.

    Raise InvalidValue when several are called so: a part of a name is not taken for the whole.
    """
    if REF.fullmatch(name) or crm.collection(kind).having("=", fold(name)):
        return crm.customs.find_ref(kind, name.removeprefix(f"{kind}/"))
    return ""


def client_contact(crm: Workspace, client: dict[str, str], company: str) -> str:
    """Return the reference of a contact: by phone or e-mail, by name, else a new one; empty when nobody is named."""
    said = " ".join(client.get(name, "") for name in ("said", "phone", "email"))
    asked = read_request(said, [], [], "")
    name = client.get("contact", "")
    if asked.phones or asked.emails:
        known = [found for found in find_client(crm, asked._replace(name="")) if found.noun == "contact"]
        if known:
            return known[0].ref
    elif name:
        found = named(crm, "contact", name)
        if found:
            return found
    else:
        name = asked.name
    if not (name or asked.phones or asked.emails):
        return ""
    made = crm.contacts.add(
        name=name or asked.name or (asked.phones + asked.emails)[0],
        phones=asked.phones,
        emails=asked.emails,
        companies=[company] if company else [],
    )
    return made.ref
