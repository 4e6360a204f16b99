"""The journal of changes, what differs between two moments, and the trash: of the whole workspace, as one sees it."""

from __future__ import annotations

from datetime import UTC, datetime, time
from itertools import islice
from typing import TYPE_CHECKING, Any

from crm.console.cells import link_cell, text_cell
from crm.console.controls import control, options
from crm.console.routes import action, page
from crm.console.timeline import command_text
from crm.console.visit import Done, View
from crm.diff import diff
from crm.locale import _
from crm.model.days import read_day
from crm.sales import seen, trash
from crm.sales import undo as undoing
from crm.store import history

if TYPE_CHECKING:
    from crm.console.visit import Context, Visit
    from crm.store.journal import Line

SHOWN = 50
MOST = 500
_NAMED = 5


def ledger(title: str, address: str, columns: list[str], rows: list[Context], empty: str, **more: Any) -> Context:
    """Return what `ledger.html` shows."""
    plain: Context = {"filters": [], "links": [], "lead": "", "foot": "", "form": None}
    return {"title": title, "address": address, "columns": columns, "rows": rows, "empty": empty, **plain, **more}


# --- the journal ------------------------------------------------------------------------------------------------------


@page("/journal")
def journal(visit: Visit) -> View:
    """Show who changed what, newest first, with a way to take it back or to do it again."""
    limit = MOST if visit.query.get("all") else SHOWN
    ref = visit.query.get("ref").strip()
    record = visit.crm.record(ref) if ref else None
    asked = history.Asked(
        ref=(record.noun, record.id) if record else None, actor=visit.query.get("user") or None,
        since=_start(visit), limit=limit + 1,
    )  # fmt: skip
    found = list(seen.lines(visit.crm, asked))
    shown = found[:limit]
    visit.shown.load(change.ref for line in shown for change in line.changes[:_NAMED])
    gone = history.taken_back(visit.crm.store, shown[-1].n) if shown else {}
    kept = visit.query.without("all")
    made = ledger(
        _("Journal of changes"), visit.url.journal(), [_("When"), _("Who"), _("What"), _("Records")],
        [_row(visit, line, gone) for line in shown], _("Nothing was changed here."),
        filters=_filters(visit), links=[{"title": _("Compare two days"), "address": visit.url.comparison()},
                                        {"title": _("Trash"), "address": visit.url.trash()}],
        foot=_("Only the newest {n} are shown.").format(n=limit) if len(found) > limit else "",
    )  # fmt: skip
    if len(found) > limit and limit == SHOWN:
        made["links"].insert(0, {"title": _("Show more"), "address": visit.url.journal(**kept, all="yes")})
    data = [{"n": line.n, "time": line.time, "actor": line.actor, "command": line.command,
             "refs": [change.ref for change in line.changes]} for line in shown]  # fmt: skip
    return View("ledger.html", made["title"], "journal", {"ledger": made}, {"journal": data})


def _start(visit: Visit) -> str | None:
    text = visit.query.get("since").strip()
    if not text:
        return None
    start = datetime.combine(read_day(text, visit.crm.today()), time.min, visit.crm.settings.time_zone)
    return start.astimezone(UTC).isoformat(timespec="seconds")


def _filters(visit: Visit) -> list[Context]:
    chosen = [visit.query.get("user")] if visit.query.get("user") else []
    return [
        control("user", _("Who"), "select", options=options(visit.shown.names.items(), chosen, _("All people"))),
        control("since", _("From"), "date", visit.query.get("since")),
        control("ref", _("Record, such as deal/12"), "text", visit.query.get("ref")),
    ]


def _row(visit: Visit, line: Line, gone: dict[int, int]) -> Context:
    person = visit.shown.person(line.actor)
    refs = [change.ref for change in line.changes]
    named = [link_cell(visit.shown.labels.get(ref) or ref, visit.url.record(ref)) for ref in refs[:_NAMED]]
    if len(refs) > _NAMED:
        named.append(text_cell(_("and {n} more").format(n=len(refs) - _NAMED)))
    when = visit.shown.clock.moment(datetime.fromisoformat(line.time))
    cells: list[Context] = [
        {"type": "time", "when": when, "tone": ""},
        {"type": "person", "person": person} if person else text_cell("—"),
        text_cell(command_text(line.command, str(line.extra.get("plugin") or ""))),
        {"type": "lines", "lines": named},
    ]
    return {"cells": cells, "acts": _acts(visit, line, gone)}


def _acts(visit: Visit, line: Line, gone: dict[int, int]) -> list[Context]:
    if line.n in gone:
        undone = "undoes" not in line.extra
        return [_act(_("Do again"), visit.url.redo(line.n), "undo")] if undone else []
    if line.extra.get("final") or "cause" in line.extra or not line.changes:
        return []
    return [_act(_("Undo"), visit.url.undo(line.n), "undo")]


def _act(title: str, address: str, icon: str) -> Context:
    return {"title": title, "address": address, "icon": icon}


@action("/redo/<n:int>")
def redo(visit: Visit, n: int) -> Done:
    """Do again what was taken back."""
    done = undoing.redo(visit.crm, n)
    return Done(_("Done again: {command} ({count})").format(command=command_text(done.command), count=len(done.refs)))


# --- two moments ------------------------------------------------------------------------------------------------------


@page("/comparison")
def comparison(visit: Visit) -> View:
    """Show what differs between two moments, field by field."""
    since, until = visit.query.get("since").strip(), visit.query.get("until").strip()
    found = list(islice(diff(visit.crm, since, until or None), MOST + 1)) if since else []
    rows = [{"cells": _cells(visit, one), "acts": []} for one in found[:MOST]]
    made = ledger(
        _("What changed between two days"), visit.url.comparison(),
        [_("Record"), _("Field"), _("It was"), _("It is")], rows,
        _("Nothing differs.") if since else _("Choose the day to compare with."),
        filters=[control("since", _("From"), "date", since), control("until", _("To"), "date", until)],
        links=[{"title": _("Journal of changes"), "address": visit.url.journal()}],
        foot=_("Only the first {n} are shown.").format(n=MOST) if len(found) > MOST else "",
    )  # fmt: skip
    return View(
        "ledger.html",
        made["title"],
        "journal",
        {"ledger": made},
        {"differences": [one._asdict() for one in found[:MOST]]},
    )


def _cells(visit: Visit, one: Any) -> list[Context]:
    noun = visit.crm.nouns[one.ref.partition("/")[0]]
    field = noun.fields.get(one.field.partition(".")[0])
    values = [_text(visit, noun, one.field, value) for value in (one.old, one.new)]
    title = field.label if field is not None else one.field
    return [link_cell(one.label, visit.url.record(one.ref)), text_cell(title), *map(text_cell, values)]


def _text(visit: Visit, noun: Any, name: str, value: Any) -> str:
    if value in (None, "", [], {}):
        return "—"
    field = noun.fields.get(name)
    try:
        text = visit.shown.text(field, value) if field is not None else str(value)
    except (ValueError, TypeError, KeyError, AttributeError):  # what an older program or a hand wrote
        text = str(value)
    return text if len(text) <= 200 else text[:200] + "…"


# --- the trash --------------------------------------------------------------------------------------------------------


@page("/trash")
def deleted(visit: Visit) -> View:
    """Show everything in the trash, with a way to take it out; who may delete can empty it."""
    found = trash.listing(visit.crm)
    clock = visit.shown.clock
    rows = [
        {
            "cells": [
                text_cell(visit.crm.nouns[one.noun].entity.one()),
                link_cell(one.label, visit.url.record(one.ref)),
                {
                    "type": "time",
                    "when": clock.moment(datetime.fromisoformat(one.doc["deleted"])),
                    "tone": "",
                },
            ],
            "acts": [_act(_("Restore"), visit.url.restore(one.noun, one.id), "undo")],
        }
        for one in found[:MOST]
    ]
    days = visit.crm.settings.account.trash_days
    field = control("days", _("Older than so many days"), "decimal", visit.form.get("days", str(days)))
    may = visit.crm.guard.may("delete", "", None)
    made = ledger(
        _("Trash"), visit.url.trash(), [_("What"), _("Name"), _("Deleted")], rows, _("The trash is empty."),
        lead=_("It is kept for {n} days.").format(n=days),
        links=[{"title": _("Journal of changes"), "address": visit.url.journal()}],
        form={"title": _("Remove for good"), "address": visit.url.trash(), "fields": [field]} if may and rows else None,
    )  # fmt: skip
    return View("ledger.html", made["title"], "journal", {"ledger": made}, {"trash": [one.ref for one in found]})


@action("/trash")
def purge(visit: Visit) -> Done:
    """Remove for good what is old enough."""
    refs = trash.purge(visit.crm, visit.form.number("days"))
    return Done(_("Removed for good: {n}").format(n=len(refs)), visit.url.trash())
