"""What is wrong with a word of a form, told while it is typed: the same check that saving makes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.console.forms import NOT_NEW, Entry, noun_called
from crm.console.routes import page
from crm.console.visit import Plain

if TYPE_CHECKING:
    from crm.console.visit import Visit
    from crm.model.fields import Doc


@page("/check/<kind:re:[a-z_]+>")
def check(visit: Visit, kind: str) -> Plain:
    """Tell why a control cannot hold what is typed, in a sentence; empty for nothing to say."""
    noun = noun_called(visit, kind)
    visit.crm.guard.check("read", kind, None)
    name, record_id = visit.query.get("name"), visit.query.number("id")
    doc: Doc = visit.crm.collection(kind).get(record_id).doc if record_id else {}
    entry = Entry(visit, noun, doc)
    if name not in set(entry.controls.names()) or (not record_id and kind == "deal" and name in NOT_NEW):
        return Plain({"error": ""})
    field, _part = noun.field(name)
    typed = visit.query.get("value").strip()
    if not typed and not field.required:
        return Plain({"error": ""})
    entry.typed = {name: typed}
    entry.value(name)
    return Plain({"error": entry.errors.get(name, "")})
