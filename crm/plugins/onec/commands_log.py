"""`crm onec log`, `show`, `diff`: what was exchanged with 1C, and in what it differs from what was told before."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from crm.cli.kit import App, print_rows, verb
from crm.errors import NotFound
from crm.locale import N_, _

if TYPE_CHECKING:
    from crm.plugins.onec.archive import Archive


def _archive(app: App) -> Archive:
    found: Archive = app.crm.collection("onec_order").archive  # type: ignore[attr-defined]
    return found


@verb("log", example="crm onec log", help=N_("List the exchanges with 1C, newest first, and how each ended."))
@click.pass_obj
def log(app: App) -> None:
    """List the exchanges."""
    names = ["id", "time", "way", "by", "documents", "outcome", "said"]
    titles = ["id", _("Time"), _("Way"), _("With"), _("Documents"), _("Outcome"), _("Said")]
    rows = (
        {
            "id": one.n, "time": one.time, "way": one.way, "by": one.by, "documents": ", ".join(one.numbers),
            "outcome": one.outcome, "said": "; ".join(one.said),
        }
        for one in _archive(app).entries()
    )  # fmt: skip
    print_rows(names, rows, titles)


@verb("show", example="crm onec show 3", help=N_("Print the file of an exchange, by default of the last one."))
@click.argument("n", type=click.IntRange(1), required=False)
@click.pass_obj
def show(app: App, n: int | None) -> None:
    """Print a kept file as it is."""
    archive = _archive(app)
    sys.stdout.buffer.write(archive.read(n or _last(archive)))


@verb(
    "diff",
    example="crm onec diff 3",
    help=N_("Show in what an exchange differs from the last one before that told of the same invoices, or from OTHER."),
)
@click.argument("n", type=click.IntRange(1), required=False)
@click.argument("other", type=click.IntRange(1), required=False)
@click.pass_obj
def diff(app: App, n: int | None, other: int | None) -> None:
    """Show the difference of two exchanges."""
    from crm.plugins.onec.difference import CHANGED, GONE, NEW, differences

    archive = _archive(app)
    states = {NEW: _("new"), GONE: _("gone"), CHANGED: _("changed")}
    names = ["id", "state", "place", "before", "after"]
    titles = [_("Number"), _("What"), _("Place"), _("Before"), _("After")]
    rows = (
        {"id": one.number, "state": states[one.state], "place": one.place, "before": one.before, "after": one.after}
        for one in differences(archive, n or _last(archive), other)
    )
    print_rows(names, rows, titles)


def _last(archive: Archive) -> int:
    last = archive.last()
    if not last:
        raise NotFound(_("Nothing was exchanged with 1C yet."), _("Write a file: crm onec export -o orders.xml."))
    return last
