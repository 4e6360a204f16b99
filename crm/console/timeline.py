"""The history on a card: what people and plugins did with a record, and the activities about it, by day."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from tinydb.queries import where

from crm.console.board import ICONS
from crm.console.mentions import pieces
from crm.locale import N_, _
from crm.model.field_dates import Moment
from crm.model.fields import Flag
from crm.store import history

if TYPE_CHECKING:
    from crm.console.visit import Context, Visit
    from crm.model.activity import Activity
    from crm.model.record import Record
    from crm.sales.noun import Noun
    from crm.store.journal import Change, Line

FIRST, MOST = 30, 500
_SILENT = {
    "id", "rev", "created", "updated", "stage_since", "stage_log", "done_at", "probability", "closed", "series",
    "series_number",
}  # fmt: skip
_DEEDS = {
    "add": (N_("adds the record"), "plus", ""),
    "set": (N_("changes fields"), "edit", ""),
    "move": (N_("moves"), "move", ""),
    "win": (N_("closes as won"), "check", "good"),
    "lose": (N_("closes as lost"), "close", "bad"),
    "reopen": (N_("takes back to work"), "undo", ""),
    "assign": (N_("gives to another owner"), "person", ""),
    "link": (N_("links"), "link", ""),
    "unlink": (N_("takes a link away"), "link", ""),
    "share": (N_("shares"), "person", ""),
    "unshare": (N_("stops sharing"), "person", ""),
    "merge": (N_("merges"), "link", ""),
    "delete": (N_("puts into the trash"), "trash", "bad"),
    "restore": (N_("takes out of the trash"), "undo", ""),
    "qualify": (N_("marks as good"), "check", "good"),
    "reject": (N_("rejects"), "close", "bad"),
    "convert": (N_("makes a client"), "check", "good"),
    "comment": (N_("comments"), "comment", ""),
    "done": (N_("does"), "check", "good"),
    "postpone": (N_("postpones"), "clock", ""),
    "undo": (N_("takes back"), "undo", ""),
    "start": (N_("starts"), "check", ""),
    "cancel": (N_("cancels"), "close", "bad"),
    "mail": (N_("sends by e-mail"), "letter", ""),
    "send": (N_("sends"), "letter", ""),
    "revoke": (N_("revokes"), "close", ""),
    "purge": (N_("removes for good"), "trash", "bad"),
    "forget": (N_("forgets a person"), "trash", "bad"),
    "password": (N_("sets a password"), "person", ""),
    "token": (N_("makes a token"), "person", ""),
    "invoice asked": (N_("notes that an invoice is asked for"), "clock", ""),
    "redo": (N_("does again"), "undo", ""),
    "import": (N_("imports"), "file", ""),
    "accept": (N_("takes a request"), "lead", ""),
    "quote send": (N_("sends the quote to the client"), "letter", ""),
    "quote accept": (N_("notes that the client accepted"), "check", "good"),
    "quote decline": (N_("notes that the client declined"), "close", "bad"),
    "quote revise": (N_("makes another version"), "edit", ""),
    "quote expire": (N_("notes that the offer expired"), "clock", ""),
    "invoice issue": (N_("issues the invoice"), "invoice", "good"),
    "invoice submit": (N_("gives to the accountant to check"), "person", ""),
    "invoice approve": (N_("approves as the accountant"), "check", "good"),
    "invoice reject": (N_("returns to be corrected"), "undo", "bad"),
    "invoice send": (N_("sends the invoice to the client"), "letter", ""),
    "invoice pay": (N_("takes a payment"), "payment", "good"),
    "bank import": (N_("takes a payment"), "payment", "good"),
    "bank match": (N_("takes a payment"), "payment", "good"),
    "bank confirm": (N_("takes a payment"), "payment", "good"),
    "invoice refund": (N_("gives money back"), "payment", "bad"),
    "invoice cancel": (N_("cancels the invoice"), "close", "bad"),
    "call": (N_("notes a call"), "call", ""),
    "fetch": (N_("takes letters in"), "letter", ""),
    "message": (N_("gets a message"), "comment", ""),
    "reply": (N_("answers"), "comment", ""),
    "retry": (N_("decides whether it went"), "letter", ""),
    "plan": (N_("plans what comes again"), "calendar", ""),
    "starter": (N_("adds what to begin with"), "plus", ""),
    "resume": (N_("lets it go on"), "check", ""),
    "unsubscribe": (N_("notes an unsubscription"), "close", ""),
    "onec export": (N_("writes a file for 1C"), "move", ""),
    "onec import": (N_("takes a file of 1C in"), "move", ""),
    "init": (N_("fills the folder"), "plus", ""),
    "document sign": (N_("notes that it came back signed"), "check", "good"),
}
"""What a command means, or its last word: words, icon, tone."""
_WAYS = {"cli": N_("command line"), "python": N_("script"), "api": N_("API")}
_KINDS = {
    "": N_("Everything"),
    "comments": N_("Comments"),
    "activities": N_("Activities done"),
    "changes": N_("Changes"),
}
_MOMENT = Moment()


def command_text(command: str, plugin: str = "") -> str:
    """Return what a command of the journal is called, the command itself where nobody named it."""
    named = _DEEDS.get(command) or _DEEDS.get(command.rpartition(" ")[2])
    if named:
        return _(named[0])
    return _("plugin {name}").format(name=plugin) if plugin else command


def timeline(visit: Visit, noun: Noun, record: Record) -> Context:
    """Return the days of a record's history, newest first, and where the earlier ones are."""
    limit = MOST if visit.query.get("history") == "all" else FIRST
    only = visit.query.get("only") if visit.query.get("only") in _KINDS else ""
    asked = history.Asked(ref=(noun.name, record.id), limit=MOST if only else limit + 1, alone=True)
    lines = [line for line in history.lines(visit.crm.store, asked) if _fits(line, only)]
    shown = lines[:limit]
    since = "" if len(lines) <= limit else shown[-1].time
    done = _activities(visit, noun, record) if only in ("", "activities") else []
    entries = [(time, entry) for time, entry in done if time >= since]
    entries += [(line.time, _entry(visit, noun, record, line)) for line in shown]
    entries.sort(key=lambda pair: pair[0], reverse=True)
    words = {"history": "all", "only": only}
    more = visit.url.card(noun.name, record.id, **words) + "#timeline" if len(lines) > limit else ""
    return {"days": _by_day(visit, entries), "more": more, "kinds": _kinds(visit, noun, record, only)}


def _fits(line: Line, only: str) -> bool:
    """Tell whether a change set is of the kind that is looked at."""
    comment = line.command.rpartition(" ")[2] == "comment"
    return not only or (only == "comments" and comment) or (only == "changes" and not comment)


def _kinds(visit: Visit, noun: Noun, record: Record, only: str) -> list[Context]:
    """Return the ways to look at a part of the history."""
    if noun.name == "activity":
        return []
    return [
        {
            "title": _(title),
            "address": visit.url.card(noun.name, record.id, only=kind) + "#timeline",
            "current": kind == only,
        }
        for kind, title in _KINDS.items()
    ]


def _by_day(visit: Visit, entries: list[tuple[str, Context]]) -> list[Context]:
    clock = visit.shown.clock
    days: dict[date, list[Context]] = {}
    for time, entry in entries:
        days.setdefault(clock.day(datetime.fromisoformat(time)), []).append(entry)
    return [{"title": clock.title(day), "entries": some} for day, some in days.items()]


def _entry(visit: Visit, noun: Noun, record: Record, line: Line) -> Context:
    change = next(one for one in line.changes if (one.kind, one.id) == (noun.name, record.id))
    verb = _verb(line, change)
    text, icon, tone = _DEEDS.get(verb, (line.command, "edit", ""))
    comment = _comment(change) if verb == "comment" else ""
    moved = _moved(visit, noun, change) if verb == "move" else ""
    return {
        "icon": icon,
        "tone": tone,
        "who": visit.shown.person(line.actor),
        "text": f"{_(text)}: {moved}" if moved else _(text),
        "when": visit.shown.clock.clock(datetime.fromisoformat(line.time)),
        "address": "",
        "body": pieces(visit, comment),
        "changes": [] if comment or moved or change.before is None else _changes(visit, noun, change),
        "because": _because(line),
        "via": _via(line),
        "undo": visit.url.undo(line.n) if _may_undo(visit, noun, record, line) else "",
    }


def _verb(line: Line, change: Change) -> str:
    """Return the deed that a change set was for a record, empty for one that a script named itself."""
    last = line.command.rpartition(" ")[2]
    if line.command in _DEEDS:
        return line.command
    if change.before is None or last in _DEEDS:
        return "add" if change.before is None else last
    if "stage" in change.before and "stage" in (change.after or {}):
        return "move"
    return "" if line.via == "python" and "plugin" not in line.extra else "set"


def _may_undo(visit: Visit, noun: Noun, record: Record, line: Line) -> bool:
    """Tell whether to offer to take a change back: of the last steps, not of an undo or of what a plugin did."""
    verb = line.command.rpartition(" ")[2]
    return (
        verb not in ("undo", "redo", "add", "import")
        and "cause" not in line.extra
        and bool(visit.crm.guard.may("edit", noun.name, record.doc))
    )


def _because(line: Line) -> str:
    plugin = line.extra.get("plugin")
    if plugin:
        return _("change {n}, by the plugin {plugin}").format(plugin=plugin, n=line.extra.get("cause", ""))
    undone = line.extra.get("undoes") or line.extra.get("redoes")
    return _("change {n}").format(n=", ".join(map(str, undone))) if undone else ""


def _via(line: Line) -> str:
    return (
        "" if line.via == "console" or "plugin" in line.extra else _(_WAYS[line.via]) if line.via in _WAYS else line.via
    )


def _comment(change: Change) -> str:
    before = str((change.before or {}).get("comment") or "")
    return str((change.after or {}).get("comment") or "").removeprefix(before).strip()


def _moved(visit: Visit, noun: Noun, change: Change) -> str:
    """Return the stages of a move."""
    field = noun.fields["stage"]
    stages = [(side or {}).get("stage") for side in (change.before, change.after)]
    return " → ".join(visit.shown.text(field, stage) for stage in stages) if all(stages) else ""


def _changes(visit: Visit, noun: Noun, change: Change) -> list[Context]:
    before, after = change.before or {}, change.after or {}
    names = [name for name in noun.fields if name in before or name in after]
    if "deleted" in after or "deleted" in before:
        return []
    told = [name for name in names if name not in _SILENT]
    return [
        {
            "title": noun.fields[name].label,
            "before": _value(visit, noun, name, before.get(name)),
            "after": _value(visit, noun, name, after.get(name)),
        }
        for name in told
    ]


def _value(visit: Visit, noun: Noun, name: str, stored: Any) -> str:
    field = noun.fields[name]
    if isinstance(field, Flag) and stored is None:
        return ""
    try:
        text = visit.shown.text(field, stored)
    except (ValueError, TypeError, KeyError, AttributeError):  # what an older program or a hand wrote in the journal
        text = str(stored)
    return text if len(text) <= 200 else text[:200] + "…"


def _activities(visit: Visit, noun: Noun, record: Record) -> list[tuple[str, Context]]:
    """Return what was done about the record."""
    if noun.name == "activity":
        return []
    done = where("done") == True  # noqa: E712 - a query, not a comparison
    found = visit.crm.activities.holding("about", [record.ref], done)
    return [(str(one.doc.get("done_at") or one.doc["updated"]), _done(visit, one)) for one in found]


def _done(visit: Visit, one: Activity) -> Context:
    kind = visit.shown.dictionary("activity_kinds").title(one.kind)
    outcome = visit.shown.choice(visit.crm.nouns["activity"].fields["outcome"], one.outcome) if one.outcome else ""  # type: ignore[arg-type]
    when = _MOMENT.value(one.doc.get("done_at") or one.doc["updated"])
    return {
        "icon": ICONS.get(one.kind, "task"),
        "tone": {"success": "good", "failure": "bad", "no_answer": "warn"}.get(one.outcome, "good"),
        "who": visit.shown.person(one.owner),
        "text": _named(kind, one.subject) + (f" — {outcome}" if outcome else ""),
        "when": visit.shown.clock.clock(when or visit.shown.clock.today),
        "address": visit.url.card("activity", one.id),
        "body": pieces(visit, one.result or ""),
        "changes": [],
        "because": "",
        "via": "",
        "undo": "",
    }


def _named(kind: str, subject: str) -> str:
    """Return a subject with its kind before it, once: «Звонок: +7 916 …»."""
    return subject if subject.startswith(f"{kind}:") else f"{kind}: {subject}"
