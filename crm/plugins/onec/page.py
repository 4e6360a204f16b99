"""The page of the exchange with 1C: what went, what came, how one differs from the last, who calls, what waits."""

from __future__ import annotations

from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from crm.html import NOTHING, button, day, joined, link, money, note, section, table, upload
from crm.locale import N_, _
from crm.plugins.onec.archive import IN, OUT
from crm.plugins.onec.connecting import connect_form
from crm.plugins.onec.connections import Connections
from crm.plugins.onec.difference import CHANGED, GONE, NEW, differences

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crm.plugins.onec.archive import Entry
    from crm.plugins.onec.exchange import OnecOrder
    from crm.plugins.onec.exchanges import OnecOrders
    from crm.workspace import Workspace

_ROWS = 100
WAYS = {OUT: N_("to 1C"), IN: N_("from 1C")}
OUTCOMES = {
    "written": N_("written to a file"), "answered": N_("handed over, not confirmed yet"), "confirmed": N_("confirmed"),
    "applied": N_("taken in"), "refused": N_("refused"),
}  # fmt: skip
STATES = {NEW: N_("new"), GONE: N_("gone"), CHANGED: N_("changed")}


def page(crm: Workspace, query: Mapping[str, str]) -> dict[str, Any]:
    """Return the page, the exchange that `n` names, or the file of the one that `file` names."""
    orders: OnecOrders = crm.collection("onec_order")  # type: ignore[assignment]
    crm.guard.check("export", "onec_order", None)
    if query.get("file", "").isdecimal():
        number = int(query["file"])
        return {"file": {"name": f"1c-{number}.xml", "type": "application/xml", "data": orders.archive.read(number)}}
    if query.get("invoice"):
        made = orders.buyers_file(query["invoice"])
        return {"file": {"name": made.name, "type": "application/xml", "data": made.data}}
    if query.get("n", "").isdecimal():
        return _one(orders, int(query["n"]))
    parts = (_deeds(), _connections(orders), crm.remembered("onec", lambda: _orders(crm, orders)), _log(orders))
    told = [one._asdict() for one in islice(orders.archive.entries(), _ROWS)]
    return {"title": _("Exchange with 1C"), "html": Markup("").join(parts), "exchanges": told}


def _deeds() -> Markup:
    back = {"back": "/p/onec"}
    return button("onec_export", _("Write a file for 1C"), back, "button primary") + upload(
        "onec_import", _("A file from 1C"), _("Take it in"), ".xml,.zip", back
    )


def _connections(orders: OnecOrders) -> Markup:
    connections = Connections(orders.archive)
    rows = [
        [one.name, one.login, day(one.since), _moment(orders, connections.seen(one.name).get("time")),
         connections.seen(one.name).get("what", ""),
         button("onec_disconnect", _("Let it call no more"), {"name": one.name, "back": "/p/onec"})]
        for one in connections.all()
    ]  # fmt: skip
    titles = [_("Base of 1C"), _("Name"), _("Invoices since"), _("Called last"), _("What for"), ""]
    known = table(_("Bases of 1C"), titles, rows) if rows else NOTHING
    return section(_("Exchange without files"), _standing(orders, bool(rows)), known, connect_form(orders.crm))


def _standing(orders: OnecOrders, known: bool) -> Markup:
    """Return whether 1C may call, and what to do until it may."""
    if orders.settings.serve and known:
        return note(_("The exchange is on."))
    text = note(_("1C can fetch orders and bring payments itself, by its exchange with a site."))
    steps = [Markup("<li>{}</li>").format(link("/settings/form/onec", _("Switch the exchange on")))]
    steps += [Markup("<li>{}</li>").format(_("Let a base in:"))]
    return text + Markup('<ol class="ways">{}</ol>').format(joined(steps[orders.settings.serve :]))


def _orders(crm: Workspace, orders: OnecOrders) -> Markup:
    rows = [_order(crm, one) for one in orders.find(sort="-number", limit=_ROWS)]
    titles = [_("Exchange number"), _("Invoice"), _("Total"), _("Status"), _("Number in 1C"), _("Status in 1C"),
              _("Posted in 1C"), _("Shipped")]  # fmt: skip
    return section(_("Orders"), table(_("Orders"), titles, rows, ends=(0, 2)))


def _order(crm: Workspace, one: OnecOrder) -> list[Any]:
    invoice = crm.record(one.invoice) if one.invoice else None
    changed = invoice is not None and one.invoice_rev not in (None, invoice.rev)
    status = _("waits: it has changed") if changed else _(str(one.status))
    return [
        link(f"/{one.ref}", one.number),
        link(f"/{invoice.ref}", f"№\u00a0{invoice.doc.get('number', '')}") if invoice else "",
        money(invoice.doc.get("total")) if invoice else "", status, one.onec_number, one.onec_status,
        _("yes") if one.posted else "", " ".join(filter(None, (one.shipment, day(one.doc.get("shipment_date"))))),
    ]  # fmt: skip


def _log(orders: OnecOrders) -> Markup:
    rows = [_entry(orders, one) for one in islice(orders.archive.entries(), _ROWS)]
    titles = [_("Exchange"), _("Time"), _("Way"), _("With"), _("Documents"), _("Outcome"), ""]
    return section(_("Exchanges"), table(_("Exchanges"), titles, rows, ends=(0,)))


def _entry(orders: OnecOrders, one: Entry) -> list[Any]:
    by = _("a file") if one.by == "file" else one.by
    return [
        link(f"/p/onec?n={one.n}", one.n), _moment(orders, one.time), _(WAYS.get(one.way, one.way)), by,
        _few(one.numbers), _(OUTCOMES.get(one.outcome, one.outcome)) if one.outcome else "",
        link(f"/p/onec?file={one.n}", _("File"), "button small"),
    ]  # fmt: skip


def _few(numbers: list[str]) -> str:
    return ", ".join(numbers[:10]) + (f" … ({len(numbers)})" if len(numbers) > 10 else "")


def _moment(orders: OnecOrders, text: str | None) -> str:
    """Return a moment in the time of the workspace."""
    return f"{datetime.fromisoformat(text).astimezone(orders.crm.settings.time_zone):%d.%m.%Y %H:%M}" if text else ""


def _one(orders: OnecOrders, n: int) -> dict[str, Any]:
    """Return one exchange: what was said of it, and in what it differs from the last that told of the same."""
    archive = orders.archive
    archive.read(n)
    entry = next(one for one in archive.entries() if one.n == n)
    rows = [
        [one.number, _(STATES[one.state]), one.place, one.before, one.after]
        for one in islice(differences(archive, n) if entry.outcome != "refused" else (), 500)
    ]
    titles = [_("Number"), _("What"), _("Place"), _("Before"), _("After")]
    said = Markup("").join(Markup("<li>{}</li>").format(one) for one in entry.said)
    head = table(_("Exchange"), [_("Time"), _("Way"), _("With"), _("Documents"), _("Outcome"), ""],
                 [_entry(orders, entry)[1:]])  # fmt: skip
    parts = [head, Markup("<ul>{}</ul>").format(said) if said else Markup(""),
             section(_("Difference from the last one"), table(_("Difference from the last one"), titles, rows)),
             Markup("<p>{}</p>").format(link("/p/onec", _("All exchanges")))]  # fmt: skip
    return {"title": _("Exchange {n} with 1C").format(n=n), "html": Markup("").join(parts)}


def export(crm: Workspace, _form: Mapping[str, Any]) -> str | tuple[str, str]:
    """Write a file of what 1C does not know yet; say where it is."""
    orders: OnecOrders = crm.collection("onec_order")  # type: ignore[assignment]
    made = orders.write_out()
    if made.number is None:
        return _("1C knows everything already.")
    said = _("Exchange {n}: {count} invoices. The file can be saved below.")
    return said.format(n=made.number, count=len(made.orders)), f"/p/onec?n={made.number}"


def take_in(crm: Workspace, given: Mapping[str, Any]) -> tuple[str, str]:
    """Take in a chosen file of 1C; say what it brought."""
    from crm.errors import InvalidValue

    data = given.get("file")
    if not isinstance(data, bytes) or not data:
        raise InvalidValue(_("No file was chosen."), _("Choose the XML or zip of 1C."))
    orders: OnecOrders = crm.collection("onec_order")  # type: ignore[assignment]
    taken = orders.take_in(data)
    changed = sum(one.state == "changed" for one in taken.outcomes)
    said = _("Exchange {n}: documents {count}, of them brought something {changed}.")
    return said.format(n=taken.number, count=len(taken.outcomes), changed=changed), f"/p/onec?n={taken.number}"
