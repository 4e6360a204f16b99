"""Requests from outside: «Принять обращение», and a lead that becomes a client."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.console.controls import control, options
from crm.console.routes import action, page
from crm.console.shelf import Shelf
from crm.console.visit import Done, View
from crm.locale import _
from crm.sales.intake import accept, read_request

if TYPE_CHECKING:
    from crm.console.visit import Answer, Context, Visit
    from crm.model.lead import Lead
    from crm.model.record import Record


def _form(title: str, address: str, back: str, groups: list[Context]) -> View:
    form = {
        "title": title, "action": address, "kind": "lead", "id": "", "rev": "", "back": back, "submit": title,
        "hidden": [], "groups": groups, "failures": [], "draft": "",
    }  # fmt: skip
    return View("form.html", title, "leads", {"form": form})


@page("/accept")
def request_form(visit: Visit) -> View:
    """Show the form of a request."""
    sources = [(entry.id, entry.title.text()) for entry in visit.shown.dictionary("sources").entries]
    fields = [
        control(
            "text",
            _("Phone, e-mail or name"),
            required=True,
            wide=True,
            value=visit.query.get("text"),
            choices=visit.url.known(),
        ),
        control("source", _("Source"), "select", options=options(sources, (), "—")),
    ]
    hint = _("A known client is found by phone, e-mail or name; else a lead is added.")
    title = _("Take a request")
    return _form(
        title, visit.url.accept(), visit.back(visit.url.home()), [{"title": "", "hint": hint, "fields": fields}]
    )


@action("/accept")
def take(visit: Visit) -> Answer:
    """Take a request: show the client who is known, else add the lead (in simple mode the deal)."""
    text = visit.form.get("text").strip()
    intake = accept(visit.crm, read_request(text, [], [], visit.form.get("source")))
    if intake.made is not None:
        return Done(_("Added: {title}").format(title=intake.made.label), visit.url.record(intake.made.ref))
    if len(intake.known) == 1:
        return Done(_("Known: {title}").format(title=intake.known[0].label), visit.url.record(intake.known[0].ref))
    return _known(visit, text, intake.known)


def _known(visit: Visit, text: str, known: list[Record]) -> View:
    shelf = Shelf(visit, _("Known by «{text}»").format(text=text), visit.url.find(text=text), known)
    made = shelf.context(visit.crm.nouns, len(known))
    made["add"] = {"title": _("New lead"), "address": visit.url.add("lead", name=text)}
    return View("list.html", made["title"], "leads", {"records": made})


@page("/lead/<id:int>/convert")
def conversion_form(visit: Visit, id: int) -> View:
    """Ask what client a lead becomes, and whether there is a deal already."""
    lead = visit.crm.leads.get(id)
    return _form(
        _("Make a client"), visit.url.convert(id), visit.back(visit.url.card("lead", id)), _groups(visit, lead)
    )


def _groups(visit: Visit, lead: Lead) -> list[Context]:
    suggest = visit.url.suggest
    pipelines = [(one.id, one.title.text()) for one in visit.crm.settings.pipelines]
    money = lead.doc.get("amount", {}).get("amount", "")
    client = [
        control("company", _("Company"), value=lead.company_name, suggest=suggest("company")),
        control(
            "contact",
            _("Contact"),
            value=lead.contact_name,
            hint=_("Found by the phone or the e-mail of the lead."),
            suggest=suggest("contact"),
        ),
    ]
    deal = [
        control("deal", _("Ready to buy: add a deal"), "check", True),
        control("title", _("Title of the deal"), value=lead.name),
        control("amount", _("Amount"), "decimal", money),
        control("pipeline", _("Pipeline"), "select", options=options(pipelines)),
    ]
    return [
        {"title": _("Client"), "hint": _("Who is known is not added twice."), "fields": client},
        {"title": _("Deal"), "hint": _("Without it the lead becomes a client who is still thinking."), "fields": deal},
    ]


@action("/lead/<id:int>/convert")
def convert(visit: Visit, id: int) -> Done:
    """Make a client of a lead, and a deal when he is ready to buy."""
    form = visit.form
    made = visit.crm.leads.convert(
        id,
        company=form.get("company").strip(),
        contact=form.get("contact").strip(),
        deal=bool(form.get("deal")),
        amount=form.get("amount").strip() or None,
        pipeline=form.get("pipeline"),
        title=form.get("title").strip(),
    )
    became = next(one for one in (made.deal, made.company, made.contact) if one is not None)
    return Done(_("Client: {title}").format(title=became.label), visit.url.record(became.ref))
