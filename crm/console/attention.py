"""What of a person's sales needs attention, each with its reason: no next step, too long in a stage, a day gone by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tinydb.queries import where

from crm.console.roads import road_of
from crm.locale import _
from crm.model.field_dates import Day, Moment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm.console.visit import Context, Visit
    from crm.model.record import Record

MOST = 500
_MOMENT, _DAY = Moment(), Day()


def attention(visit: Visit, who: str) -> list[Context]:
    """Return the deals and invoices of `who` that ask for something, the most urgent first."""
    found = [*_invoices(visit, who), *_deals(visit, who)]
    return sorted(found, key=lambda one: str(one["tone"]) != "bad")


def _deals(visit: Visit, who: str) -> Iterator[Context]:
    query: Any = (where("owner") == who) & ~where("outcome").exists()
    deals = list(visit.crm.deals.find(query, sort="stage_since", limit=MOST))
    planned = _planned(visit, deals)
    for deal in deals:
        why = _why(visit, deal, planned)
        if why is not None:
            yield {**_item(visit, deal, why[0], why[1]), "sum": visit.shown.money(deal.doc.get("amount"))}


def _planned(visit: Visit, deals: list[Any]) -> set[str]:
    """Return the deals with something to do."""
    pending = ~(where("done") == True)  # noqa: E712 - a query, not a comparison
    refs = [deal.ref for deal in deals]
    return {str(one.doc["about"]) for one in visit.crm.activities.holding("about", refs, pending)}


def _why(visit: Visit, deal: Record, planned: set[str]) -> tuple[str, str] | None:
    """Return how bad it is and why, None for a deal that goes well."""
    clock, doc = visit.shown.clock, deal.doc
    path = road_of(visit.crm, "deal", doc)
    stage = path.ladder.get(doc.get("stage", "")) if path else None
    since = _MOMENT.value(doc.get("stage_since") or doc["created"])
    days = clock.age(since)["days"] if since is not None else 0
    if stage is not None and stage.norm_days is not None and days > stage.norm_days:
        text = _("«{stage}»: {days} d, the norm is {norm}")
        return "bad", text.format(stage=stage.title.text(), days=days, norm=stage.norm_days)
    close = _DAY.value(doc.get("expected_close"))
    if close is not None and close < clock.today:
        return "bad", _("was to be closed {day}").format(day=clock.moment(close)["text"])
    return None if deal.ref in planned else ("warn", _("nothing is planned"))


def _invoices(visit: Visit, who: str) -> Iterator[Context]:
    """Yield what is unpaid beyond its date, where there are invoices."""
    if "invoice" not in visit.crm.nouns or not visit.crm.guard.may("read", "invoice", None):
        return
    today = visit.crm.today().isoformat()
    unpaid = where("status").one_of(["issued", "sent", "partly_paid"]) & (where("due") < today)
    for invoice in visit.crm.collection("invoice").find(unpaid & (where("owner") == who), sort="due", limit=MOST):
        day = visit.shown.clock.moment(_DAY.value(invoice.doc["due"]) or visit.shown.clock.today)["text"]
        made = _item(visit, invoice, "bad", _("was to be paid {day}").format(day=day))
        made["title"] = f"{visit.crm.nouns['invoice'].entity.one()} {invoice.label}"
        yield {**made, "sum": visit.shown.money(invoice.doc.get("balance") or invoice.doc.get("total"))}


def _item(visit: Visit, record: Record, tone: str, text: str) -> Context:
    icon = "invoice" if record.noun == "invoice" else "flag" if tone == "bad" else "warn"
    return {"tone": tone, "icon": icon, "title": record.label, "text": text, "address": visit.url.record(record.ref)}
