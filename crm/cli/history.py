"""`crm log`, `crm undo`, `crm redo`, `crm diff`: what happened, and taking it back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from crm.cli.noun_options import as_of_option, dry_run_option
from crm.cli.output import cell, form, option, output_options, print_json, print_rows, verb
from crm.errors import InvalidValue
from crm.locale import N_, _

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crm.cli.app import App
    from crm.model.fields import Doc
    from crm.sales.undo import Undone
    from crm.store.journal import Change, Line

_QUIET = ("rev", "updated", "stage_log", "phones_typed", "password_hash", "token_hash")


def value_text(value: Any) -> str:
    """Return a changed value in a few words."""
    text = cell(value)
    return "—" if text == "" else text if len(text) <= 80 else text[:79] + "…"


def differences(change: Change) -> list[tuple[str, str, str]]:
    """Return (field, old, new) of a change, without what only the program reads."""
    before, after = change.before or {}, change.after or {}
    names = [name for name in {**before, **after} if name not in _QUIET and name not in ("id", "created")]
    return [(name, value_text(before.get(name)), value_text(after.get(name))) for name in names]


def print_changes(changes: Iterable[Change]) -> None:
    """Print drafted changes, a line a field; with `--json` as `crm log` has them."""
    if form() == "json":
        print_json({"dry_run": True, "changes": [change_doc(change) for change in changes]})
        return
    for change in changes:
        print(change.ref)
        for name, old, new in differences(change):
            print(f"  {name}: {old} → {new}" if change.before is not None else f"  {name}: {new}")


def change_doc(change: Change) -> Doc:
    """Return what became of one record as JSON for scripts."""
    return {"ref": change.ref, "rev": change.rev, "before": change.before, "after": change.after}


def line_doc(line: Line, ref: str = "") -> Doc:
    """Return a journal line as JSON for scripts; with `ref`, only what it did to that record."""
    changes = [change_doc(change) for change in line.changes if not ref or change.ref == ref]
    head = {"n": line.n, "time": line.time, "actor": line.actor, "via": line.via, "command": line.command}
    return {**head, "changes": changes, "events": line.events, **line.extra}


def print_lines(app: App, lines: Iterable[Line], ref: str = "") -> None:
    """Print change sets in the format asked for."""
    if form() == "json":
        print_json([line_doc(line, ref) for line in lines])
    elif form() == "nl":
        for line in lines:
            print(json.dumps(line_doc(line, ref), ensure_ascii=False))
    elif form() == "ids":
        for line in lines:
            print(line.n)
    else:
        print_rows(["n", "time", "actor", "via", "command", "what"], (_row(app, line, ref) for line in lines))


def _row(app: App, line: Line, ref: str) -> Doc:
    zone = app.settings.time_zone
    from datetime import datetime

    when = datetime.fromisoformat(line.time).astimezone(zone).isoformat(sep=" ", timespec="seconds")
    head = {"id": line.n, "n": line.n, "time": when, "actor": line.actor, "via": line.via, "command": line.command}
    return {**head, "what": _what(line, ref)}


def _what(line: Line, ref: str) -> str:
    changes = [change for change in line.changes if not ref or change.ref == ref]
    if ref and changes and changes[0].before is not None:
        return "; ".join(f"{name}: {old} → {new}" for name, old, new in differences(changes[0]))
    shown = ", ".join(change.ref for change in changes[:5])
    return shown + (_(" and {n} more").format(n=len(changes) - 5) if len(changes) > 5 else "")


@verb("log", example="crm log --ref deal/12 --since 2026-11-01", help=N_("Show who changed what, newest first."))
@option("--user", metavar="LOGIN", help=N_("Only what this user did."))
@option("--ref", metavar="REF", help=N_("Only what touched this record."))
@option("--since", metavar="DATE|TIME", help=N_("Only since then."))
@option("--limit", type=click.IntRange(1), default=50, show_default=True, metavar="N", help=N_("At most N changes."))
@output_options()
@as_of_option
@click.pass_obj
def log(app: App, user: str | None, ref: str | None, since: str | None, limit: int) -> None:
    """Show the journal."""
    from crm.sales.seen import lines
    from crm.store.history import Asked

    crm = app.crm
    record = crm.record(ref) if ref else None
    asked = Asked(
        ref=(record.noun, record.id) if record else None,
        actor=user,
        since=_moment(app, since) if since else None,
        limit=limit,
    )
    print_lines(app, lines(crm, asked), record.ref if record else "")


def _moment(app: App, text: str) -> str:
    from crm.model.field_dates import Moment

    field = Moment()
    field.name = "--since"
    moment = str(field.parse(text, app.crm.customs))
    if len(moment) > 10:
        return moment
    from datetime import UTC, date, datetime, time

    start = datetime.combine(date.fromisoformat(moment), time.min, app.settings.time_zone)
    return start.astimezone(UTC).isoformat(timespec="seconds")


def _say(app: App, done: Undone, word: str) -> None:
    if app.dry_run:
        print_changes(app.crm.drafted)
        return
    if form() == "json":
        print_json({"numbers": done.numbers, "command": done.command, "refs": done.refs})
        return
    if form() == "ids":
        print("\n".join(done.refs))
        return
    shown = ", ".join(done.refs[:5]) + (_(" and {n} more").format(n=len(done.refs) - 5) if len(done.refs) > 5 else "")
    print(f"{shown} — {word}: {done.command} ({', '.join(map(str, done.numbers[:5]))})")


@verb(
    "undo",
    example="crm undo",
    help=N_("Take back the last change, the change of a number, or the last one of a record."),
)
@click.argument("number", required=False, metavar="[N]")
@option("--ref", metavar="REF", help=N_("The last change of this record."))
@output_options("json", "ids")
@dry_run_option
@click.pass_obj
def undo_(app: App, number: str | None, ref: str | None) -> None:
    """Undo."""
    from crm.sales.undo import undo

    _say(app, undo(app.crm, _number(number), ref), _("undone"))


@verb(
    "redo",
    example="crm redo",
    help=N_("Do again what the last undo took back, the change of a number, or the last one of a record."),
)
@click.argument("number", required=False, metavar="[N]")
@option("--ref", metavar="REF", help=N_("The last undo of this record."))
@output_options("json", "ids")
@dry_run_option
@click.pass_obj
def redo_(app: App, number: str | None, ref: str | None) -> None:
    """Redo."""
    from crm.sales.undo import redo

    _say(app, redo(app.crm, _number(number), ref), _("done again"))


def _number(text: str | None) -> int | None:
    if text is not None and not text.isdecimal():
        raise InvalidValue(_("«{n}» is not the number of a change.").format(n=text), _("See: crm log"))
    return int(text) if text else None


@verb("diff", example="crm diff --from 2026-11-01 --to 2026-11-30", help=N_("Show what changed between two moments."))
@option("--from", "since", required=True, metavar="DATE|TIME", help=N_("From then."))
@option("--to", "until", default="", metavar="DATE|TIME", help=N_("Until then; by default until now."))
@output_options("json", "nl", "csv")
@click.pass_obj
def diff_(app: App, since: str, until: str) -> None:
    """Compare two moments."""
    from crm.diff import diff

    rows = (
        {"ref": row.ref, "label": row.label, "field": row.field, "old": row.old, "new": row.new}
        for row in diff(app.crm, since, until or None)
    )
    print_rows(["ref", "label", "field", "old", "new"], rows)
