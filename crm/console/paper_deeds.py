"""What one does with a paper on its card: sent, accepted, issued, paid; and the paper itself, to look at and print."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from crm.console.controls import control
from crm.console.deed_form import deed_form
from crm.console.forms import noun_called
from crm.console.plugin_deeds import offered
from crm.console.routes import action, page
from crm.console.visit import Done, Sent
from crm.errors import CrmError, NotFound
from crm.locale import N_, _

if TYPE_CHECKING:
    from crm.console.visit import Answer, Context, View, Visit
    from crm.model.record import Record


class Deed(NamedTuple):
    """A verb of a paper: its name, what people call it, in which statuses it is offered, what it asks first."""

    verb: str
    title: str
    icon: str
    statuses: tuple[str, ...]
    asks: tuple[str, ...] = ()
    primary: bool = False


_AWAITING = ("issued", "checking", "approved", "sent", "partly_paid")
DEEDS = {
    "quote": (
        Deed("send", N_("Sent to the client"), "letter", ("draft",), primary=True),
        Deed("accept", N_("Accepted"), "check", ("sent", "expired"), primary=True),
        Deed("decline", N_("Declined"), "close", ("draft", "sent"), ("reason",)),
    ),
    "invoice": (
        Deed("issue", N_("Issue"), "check", ("draft",), primary=True),
        Deed("pay", N_("Payment received"), "payment", _AWAITING, ("amount", "date", "reference"), primary=True),
        Deed("send", N_("Sent to the client"), "letter", ("issued", "approved")),
        Deed("submit", N_("To the accountant"), "person", ("issued",)),
        Deed("approve", N_("Approve"), "check", ("checking",)),
        Deed("reject", N_("Return for correction"), "undo", ("checking",), ("reason",)),
        Deed("cancel", N_("Cancel the invoice"), "close", ("draft", *_AWAITING), ("reason",)),
    ),
}
"""The verbs that cards offer; each is a method of the noun's collection."""
_PREVIEW = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; base-uri 'none';"
    " form-action 'none'; frame-ancestors 'none'"
)


def deeds(visit: Visit, record: Record) -> list[Context]:
    """Return the buttons of a card: what may be done with the paper as it stands, then the paper itself."""
    records: Any = visit.crm.collection(record.noun)
    made = []
    if visit.crm.guard.may("edit", record.noun, record.doc) and record.deleted is None:
        possible = (one for one in DEEDS.get(record.noun, ()) if record.doc.get("status") in one.statuses)
        made = [_button(visit, record, one) for one in possible if hasattr(records, one.verb)]
    made += offered(visit, record)
    if hasattr(records, "html"):
        made.append(_link(_("Print"), visit.url.paper(record.noun, record.id), "document"))
        made.append(_link("PDF", visit.url.paper(record.noun, record.id, "pdf"), "file"))
    return made


def _button(visit: Visit, record: Record, deed: Deed) -> Context:
    address = visit.url.deed(record.noun, record.id, deed.verb)
    return {
        "title": _(deed.title),
        "address": address,
        "icon": deed.icon,
        "post": not deed.asks,
        "primary": deed.primary,
    }


def _link(title: str, address: str, icon: str) -> Context:
    return {"title": title, "address": address, "icon": icon, "post": False, "primary": False}


def _deed(kind: str, verb: str) -> Deed:
    for one in DEEDS.get(kind, ()):
        if one.verb == verb:
            return one
    raise NotFound(_("There is no such page."), _("Look in the menu."))


@page("/<kind:re:[a-z_]+>/<id:int>/do/<verb:re:[a-z_]+>")
def ask(visit: Visit, kind: str, id: int, verb: str) -> View:
    """Ask what a verb needs to know."""
    return _form(visit, visit.crm.collection(kind).get(id), _deed(kind, verb), "")


def _form(visit: Visit, record: Record, deed: Deed, failure: str) -> View:
    typed = visit.form
    left = record.doc.get("balance") or record.doc.get("total") or {}
    known = {
        "amount": control("amount", _("Amount"), "decimal", typed.get("amount", str(left.get("amount", "")))),
        "date": control("date", _("Date"), "date", typed.get("date", visit.crm.today().isoformat())),
        "reference": control("reference", _("Number of the payment order"), "text", typed.get("reference")),
        "reason": control("reason", _("Why?"), "text", typed.get("reason"), wide=True),
    }
    address = visit.url.deed(record.noun, record.id, deed.verb)
    return deed_form(visit, record, _(deed.title), address, [known[name] for name in deed.asks], failure)


@action("/<kind:re:[a-z_]+>/<id:int>/do/<verb:re:[a-z_]+>")
def do(visit: Visit, kind: str, id: int, verb: str) -> Answer:
    """Do it, with what was asked for."""
    noun_called(visit, kind)
    deed, records = _deed(kind, verb), visit.crm.collection(kind)
    record: Record = records.get(id)
    given = {name: text for name in deed.asks if (text := visit.form.get(name).strip())}
    try:
        getattr(records, verb)(id, **given)
    except CrmError as error:
        if not deed.asks:
            raise
        return _form(visit, record, deed, str(error))
    return Done(f"{_(deed.title)}: {visit.shown.called(record)}", visit.url.card(kind, id))


# --- the paper itself -------------------------------------------------------------------------------------------------


@page("/<kind:re:[a-z_]+>/<id:int>/paper")
def paper(visit: Visit, kind: str, id: int) -> Sent:
    """Show a paper as it is printed, in a page where nothing of it can run."""
    records = _printing(visit, kind)
    html: str = records.html(id)
    return Sent("", "text/html; charset=utf-8", html.encode(), _PREVIEW)


@page("/<kind:re:[a-z_]+>/<id:int>/paper.pdf")
def pdf(visit: Visit, kind: str, id: int) -> Sent:
    """Send a paper as PDF."""
    records = _printing(visit, kind)
    name = "".join(sign if sign.isalnum() or sign in "-_. " else "-" for sign in records.get(id).label)
    return Sent(f"{visit.crm.nouns[kind].entity.one()} {name}.pdf", "application/pdf", records.pdf(id))


def _printing(visit: Visit, kind: str) -> Any:
    noun_called(visit, kind)
    records: Any = visit.crm.collection(kind)
    if not hasattr(records, "html"):
        raise NotFound(_("There is no such page."), _("Look in the menu."))
    return records
