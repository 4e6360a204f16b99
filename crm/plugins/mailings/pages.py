"""Mailings in the console: what came of each, to pause it and to let it go on, and one letter to look at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from crm.errors import CrmError
from crm.html import NOTHING, button, joined, links, nothing, section
from crm.locale import _
from crm.model.report import Figure, Table
from crm.plugins.mailings import nouns
from crm.plugins.mailings.outcome import report

PEOPLE = 30
"""How many of a segment are shown beside its card."""

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crm.model.fields import Doc
    from crm.model.record import Record
    from crm.plugins.mailings.mailings import Mailings
    from crm.workspace import Workspace


def _mailings(crm: Workspace) -> Mailings:
    return crm.collection("mailing")  # type: ignore[return-value]


def page(crm: Workspace, _query: Mapping[str, str]) -> dict[str, Any]:
    """Return the mailings with what came of each, and the parked addresses."""
    ways = links(
        ("/mailing/add", _("New mailing")), ("/segments", _("Segments")), ("/unsubscribes", _("Unsubscribed addresses"))
    )  # fmt: skip
    if crm.guard.may("create", "segment", None) and not any(True for _one in crm.collection("segment").find(limit=1)):
        ways += button("segment_starter", _("Add segments to begin with"), {}, "button")
    if not _mailings(crm).count():
        text = _("Choose a segment, write once: each letter is merged with its client, and answers come to the cards.")
        return {"title": _("Mailings"), "html": nothing(_("No mailings yet"), text, ways)}
    parked = _mailings(crm).parked()
    row = Markup("<li>{} <small>{} · {}</small> {}</li>")
    items = joined(
        row.format(address, count, why, button("unpark", _("Let it get mailings again"), {"address": address}))
        for address, count, why in parked
    )
    told = section(_("Parked: their letters came back"), Markup("<ul>{}</ul>").format(items)) if parked else NOTHING
    table = report(crm)
    rows = [{**row, "title": row["mailing"], "status": _shown(row)} for row in table.rows]
    return {"title": _("Mailings"), "html": ways + told, "tables": [Table(table.columns, rows, table.totals)]}


def _shown(row: Doc) -> str:
    status = str(row["status"])
    return _("all letters went") if status == nouns.SENT else _(status)


def people(crm: Workspace, segment: Record) -> dict[str, Any]:
    """Return who of a segment gets a letter, and who gets none and why."""
    shown: dict[str, Any] = crm.remembered(("segment", segment.ref), lambda: _people(crm, segment))
    return shown


def _people(crm: Workspace, segment: Record) -> dict[str, Any]:
    from crm.plugins.mailings.audience import audience

    found = list(audience(crm, segment))  # type: ignore[arg-type]
    letters = sum(1 for one in found if not one.excluded)
    columns = (Figure("name", _("Name")), Figure("address", _("Address")), Figure("excluded", _("Why not")))
    rows = [
        {"name": one.record.ref if one.record is not None else one.address, "address": one.address,
         "excluded": one.excluded}
        for one in found[:PEOPLE]
    ]  # fmt: skip
    text = _("{n} get a letter, {none} do not.").format(n=letters, none=len(found) - letters)
    return {"text": text, "tables": [Table(columns, rows)] if rows else []}


def panel(crm: Workspace, mailing: Record) -> dict[str, Any] | None:
    """Return one letter as it would go, and what can be done with the mailing now."""
    if mailing.doc.get("status") == nouns.SENT or "deleted" in mailing.doc:
        return None
    try:
        look = _mailings(crm).preview(mailing.id)
        shown = Markup("<p><strong>{}</strong></p><p>{}</p><pre>{}</pre>").format(
            look.letter.subject, look.letter.envelope.address, look.letter.text
        )
        shown += Markup("").join(Markup("<p>⚠ {}</p>").format(one) for one in look.warnings)
    except CrmError as error:
        shown = Markup("<p>{}</p>").format(str(error))
    if not crm.guard.may("edit", "mailing", mailing.doc):
        return {"html": shown}
    going = mailing.doc.get("status") == nouns.SENDING
    verb, text = ("pause", _("Pause")) if going else ("schedule", _("Send, spread over working hours"))
    return {"html": shown + _button(mailing, verb, text) + _test(mailing)}


def _button(mailing: Record, verb: str, text: str) -> Markup:
    return button("mailing", text, {"id": mailing.id, "verb": verb}, "button")


def _test(mailing: Record) -> Markup:
    form = Markup(
        '<form method="post" action="/do/mailing" class="stacked"><input type="hidden" name="id" value="{}">'
        '<input type="hidden" name="verb" value="test"><label>{} <input type="email" name="to" required></label>'
        '<button class="button">{}</button></form>'
    )
    return form.format(mailing.id, _("A test letter to"), _("Send the test"))


def act(crm: Workspace, form: Mapping[str, str]) -> str:
    """Pause a mailing, let the clock send it, or send a test letter."""
    key, verb = form.get("id", ""), form.get("verb", "")
    if verb == "test":
        crm.guard.check("edit", "mailing", _mailings(crm).get(key).doc)
        _mailings(crm).test(key, form.get("to", ""))
        return _("A test letter went to {address}.").format(address=form.get("to", ""))
    if verb == "pause":
        return _("Paused: {name}").format(name=_mailings(crm).pause(key).name)
    made = _mailings(crm).schedule(key)
    return _("Letters of «{name}» go during working hours.").format(name=made.name)
