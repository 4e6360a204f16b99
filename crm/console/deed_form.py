"""The form that asks what a verb needs to know before it is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.console.visit import View

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crm.console.visit import Context, Visit
    from crm.model.record import Record


def deed_form(
    visit: Visit, record: Record, title: str, action: str, fields: Iterable[Context], failure: str = "", hint: str = ""
) -> View:
    """Return the form of a verb of a record; `failure` says why it was not done."""
    form: Context = {
        "title": f"{title}: {record.label}", "action": action, "kind": "settings", "id": "", "rev": "",
        "back": visit.url.card(record.noun, record.id), "submit": title, "hidden": [], "draft": "",
        "failures": [{"title": "", "name": "", "text": failure}] if failure else [],
        "groups": [{"title": "", "hint": hint, "fields": list(fields)}],
    }  # fmt: skip
    section = visit.crm.nouns[record.noun].plural
    return View("form.html", form["title"], section, {"form": form}, status=422 if failure else 200)
