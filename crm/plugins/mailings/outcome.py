"""What came of mailings: sent, came back, unsubscribed, answered, and the deals that followed."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from crm.locale import N_
from crm.model.report import Asked, Figure, Table
from crm.plugins.mailings import nouns

if TYPE_CHECKING:
    from crm.model.fields import Doc
    from crm.model.record import Record
    from crm.plugins.mailings.dispatches import Dispatches
    from crm.plugins.mailings.nouns import Dispatch, Mailing
    from crm.workspace import Workspace

COLUMNS = (
    Figure("title", N_("Mailing")),
    Figure("status", N_("Status")),
    Figure("waiting", N_("Waiting"), "count"),
    Figure("sent", N_("Sent"), "count"),
    Figure("failed", N_("Not taken"), "count"),
    Figure("bounced", N_("Came back"), "count"),
    Figure("unsubscribed", N_("Unsubscribed"), "count"),
    Figure("replied", N_("Answered"), "count"),
    Figure("deals", N_("Deals after"), "count"),
    Figure("won", N_("Won"), "count"),
    Figure("value", N_("Value"), "money"),
)


class Outcome(NamedTuple):
    """What came of one mailing; `deals` are those that began within so many days after a letter to their client."""

    counts: dict[str, int]
    unsubscribed: int
    replied: int
    deals: list[Record]

    def row(self, mailing: Mailing, currency: str) -> Doc:
        """Return the row of a report."""
        won = [deal for deal in self.deals if deal.doc.get("outcome") == "won"]
        sums = [deal.doc["amount"] for deal in won if deal.doc.get("amount", {}).get("currency") == currency]
        total = sum((Decimal(one["amount"]) for one in sums), Decimal(0))
        return {
            "id": mailing.id,
            "mailing": mailing.ref,
            "title": mailing.name,
            "status": mailing.status,
            "waiting": self.counts.get(nouns.QUEUED, 0) + self.counts.get(nouns.SENDING, 0),
            "sent": self.counts.get(nouns.SENT, 0) + self.counts.get(nouns.BOUNCED, 0),
            "failed": self.counts.get(nouns.FAILED, 0) + self.counts.get(nouns.SKIPPED, 0),
            "bounced": self.counts.get(nouns.BOUNCED, 0),
            "unsubscribed": self.unsubscribed,
            "replied": self.replied,
            "deals": len(self.deals),
            "won": len(won),
            "value": {"amount": f"{total:.2f}", "currency": currency},
        }


def outcome(crm: Workspace, mailing: Mailing) -> Outcome:
    """Return what came of a mailing, as far as who asks may read it."""
    dispatches: Dispatches = crm.collection("dispatch")  # type: ignore[assignment]
    letters = dispatches.of(mailing.ref)
    gone = [one for one in letters if one.status in (nouns.SENT, nouns.BOUNCED)]
    return Outcome(
        dispatches.counts(mailing.ref),
        len(crm.collection("unsubscribe").having("mailing", mailing.ref)),
        sum(1 for one in gone if _is_answered(crm, one)),
        _deals_after(crm, gone),
    )


def _is_answered(crm: Workspace, dispatch: Dispatch) -> bool:
    """Tell whether a person answered a letter: in its thread there is one that came in."""
    if "letter" not in crm.nouns or not dispatch.message_id:
        return False
    thread = crm.collection("letter").having("thread", dispatch.message_id)
    return any(one.doc.get("direction") == "in" and one.doc.get("nature") == "person" for one in thread)


def _deals_after(crm: Workspace, letters: list[Dispatch]) -> list[Record]:
    from crm.plugins.mailings.letter import mail_settings

    days = timedelta(days=mail_settings(crm).deal_days)
    found: dict[int, Record] = {}
    for one in letters:
        sent = one.sent_at
        for deal in _deals_of(crm, one) if sent is not None else ():
            if sent <= deal.created <= sent + days:  # type: ignore[operator]
                found[deal.id] = deal
    return list(found.values())


def _deals_of(crm: Workspace, dispatch: Dispatch) -> list[Record]:
    fields = {"contact": "contacts", "company": "company", "lead": "lead"}
    refs = [ref for ref in (dispatch.recipient, dispatch.company) if ref]
    return [
        deal for ref in refs if ref.partition("/")[0] in fields
        for deal in crm.deals.having(fields[ref.partition("/")[0]], ref)
    ]  # fmt: skip


def report(crm: Workspace, asked: Asked | None = None) -> Table:
    """Return a row for each mailing of a period, by the day it was made, the newest first."""
    asked = asked or Asked()
    rows = [
        outcome(crm, mailing).row(mailing, crm.settings.currency)
        for mailing in crm.collection("mailing").find(sort="-id")
        if (asked.since is None or mailing.created.date() >= asked.since)
        and (asked.until is None or mailing.created.date() <= asked.until)
        and asked.owner in ("", mailing.owner)
    ]
    names = ("waiting", "sent", "failed", "bounced", "unsubscribed", "replied", "deals", "won")
    totals: Doc = {name: sum(row[name] for row in rows) for name in names}
    return Table(COLUMNS, rows[: asked.limit], totals)
