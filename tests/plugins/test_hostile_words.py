"""Words from outside on the pages of plugins: shown as they are, never as HTML."""

from __future__ import annotations

import json
from typing import Any

import pytest

from crm.model import Request
from crm.plugins.mailbox.desk import panel as letters_panel
from crm.plugins.messenger.pages import page as messages_page
from crm.plugins.messenger.pages import panel as messages_panel
from crm.plugins.planner.pages import postpone_panel
from crm.plugins.planner.pages import reminders as reminders_panel
from crm.plugins.planner.pages import routines as routines_page
from crm.plugins.site.endpoints import take
from crm.plugins.timetable.pages import page as load_page
from crm.workspace import Workspace
from tests.console.payloads import PAYLOADS

ONES = [text for text in PAYLOADS if "<" in text][:12]


@pytest.mark.parametrize("payload", ONES)
def test_a_page_of_a_plugin_shows_no_markup_of_others(shop: Workspace, payload: str) -> None:
    from crm.entrance import open_workspace
    from crm.plugins.messenger.message import Told
    from crm.plugins.planner.reminders import Reminders

    (shop.root / "config" / "site.yaml").write_text("token: t\n")
    with open_workspace(shop.root, actor="olga", language="en") as crm:
        messages: Any = crm.collection("message")
        messages.hear(Told("telegram", "1", "7", payload or "x", payload))
        data = {"name": payload or "x", "phone": "8 916 000-00-01", "comment": payload, payload or "x": payload}
        headers = {"content-type": "application/json"}
        take(crm, Request("POST", "t/form", headers=headers, body=json.dumps(data).encode()))
        crm.collection("routine").add(subject=payload, time="10:00")
        crm.activities.add(kind="task", subject=payload, due="today")
        reminders: Reminders = crm.collection("reminder")  # type: ignore[assignment]
        activity = list(crm.activities.find())[-1]
        with crm.writing("test") as draft:
            fields = {
                "owner": "olga",
                "subject": payload,
                "activity": activity.ref,
                "to": "owner",
                "due": activity.doc["due"],
            }
            draft.create("reminder", fields)
        assert reminders.open_for("olga")
        lead = crm.leads.get(1)
        made = [
            messages_page(crm, {}), messages_page(crm, {"id": "1"}), messages_panel(crm, lead), load_page(crm, {}),
            load_page(crm, {"view": "day"}), letters_panel(crm, lead), postpone_panel(crm, activity),
            reminders_panel(crm), routines_page(crm, {}),
        ]  # fmt: skip
        shown = "".join(str((one or {}).get("html", "")) for one in made)
        assert payload not in shown
        assert "activity/" in shown
