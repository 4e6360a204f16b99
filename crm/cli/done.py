"""What a write does to several records as one change set, and what it prints of them."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from crm.cli.noun_options import read_ids
from crm.cli.output import form, print_json
from crm.errors import InvalidValue
from crm.locale import N_, _

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from crm.cli.app import App
    from crm.model.fields import Doc
    from crm.model.record import Record
    from crm.sales.collection import Collection


def change_each(
    app: App, noun: str, name: str, ids: Iterable[str], change: Callable[[Collection[Any], str], Record]
) -> None:
    """Do the same with several records as one change set, once with each, and print them."""
    keys = read_ids(ids)
    records = app.crm.collection(noun)
    if not keys:
        print(_("No ids were given, so nothing was done."), file=sys.stderr)
        return
    with app.crm.transaction(f"{noun} {name}"):
        changed = [change(records, str(key)) for key in dict.fromkeys(map(records.id_of, keys))]
    print_done(app, changed)


def print_done(app: App, records: list[Any], note: str = "") -> None:
    """Print what a write did: one line a record, or JSON, or ids; the drafted change when nothing is committed."""
    if app.dry_run:
        from crm.cli.history import print_changes

        print_changes(app.crm.drafted)
        return
    if form() == "json":
        docs = [app.crm.collection(record.noun).export(record) for record in records]
        print_json(docs[0] if len(docs) == 1 else docs)
        return
    for record in records:
        print(record.id if form() == "ids" else line_of(app, record, note))


def line_of(app: App, record: Record, note: str = "") -> str:
    """Return the line that names a record: `deal/12 Title — stage`."""
    parts = [record.ref, record.label if record.label != record.ref else ""]
    state = _state(app, record.doc)
    tail = " — ".join(filter(None, (state, note)))
    return " ".join(filter(None, parts)) + (f" — {tail}" if tail else "")


def _state(app: App, doc: Doc) -> str:
    noun_stage = doc.get("outcome") or doc.get("status") or doc.get("stage")
    if not noun_stage:
        return ""
    if doc.get("outcome") or doc.get("status") or noun_stage in _STATES:
        return _(noun_stage).replace("_", " ")
    try:
        ladder = app.settings.pipeline(doc["pipeline"]) if "pipeline" in doc else app.settings.leads
        return ladder.stage(noun_stage).title.text()
    except InvalidValue:
        return str(noun_stage)


_STATES = (N_("won"), N_("lost"), N_("converted"), N_("rejected"))
"""Ends of leads and deals, which are no stages."""
