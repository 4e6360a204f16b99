"""The story that is told to a plugin on the bench: a sale from the first call to the money, with every event."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from crm.workspace import Workspace

_ITEM = "Gravel*10@1750"


def steps(crm: Workspace) -> list[Callable[[], object]]:
    """Return the steps of the story in their order; each can be taken though an earlier one was refused."""
    return [
        lambda: crm.leads.add(name="Vasily", phones=["+7 916 123-45-67"], emails=["v@example.com"], source="site"),
        lambda: crm.leads.add(name="Spam"),
        lambda: crm.leads.reject(2, crm.settings.dictionary("junk_reasons").entries[0].id),
        lambda: crm.leads.qualify(1),
        lambda: crm.leads.convert(1, company="Daisy LLC", deal=True, amount=17500),
        lambda: crm.deals.move(1, crm.settings.pipelines[0].stages[1].id),
        lambda: crm.activities.add(kind="call", subject="Call", about="deal/1"),
        lambda: crm.activities.done(1, "Agreed"),
        lambda: _of(crm, "quote").add(deal="deal/1", items=[_ITEM]),
        lambda: _of(crm, "quote").send(1),
        lambda: _of(crm, "quote").accept(1),
        lambda: _of(crm, "invoice").issue(quote="quote/1"),
        lambda: _of(crm, "payment").add(invoice="invoice/1"),
        lambda: crm.deals.win(1),
        lambda: crm.deals.reopen(1),
        lambda: crm.deals.lose(1, crm.settings.dictionary("lost_reasons").entries[0].id),
        lambda: _say(crm, "on_call_missed", kind="call", subject="Missed call", direction="in", outcome="no_answer"),
        lambda: _say(crm, "on_letter_received", kind="letter", subject="Where is my gravel?", direction="in"),
    ]


def _of(crm: Workspace, noun: str) -> Any:
    return crm.collection(noun)


def _say(crm: Workspace, event: str, **activity: object) -> None:
    """Say an event that comes from outside, of a call or a letter that is logged as an activity."""
    with crm.writing("bench") as draft:
        logged = crm.activities.add(about="contact/1", **activity)
        draft.emit(event, logged.ref)
