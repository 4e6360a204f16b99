"""What the cards of mailings offer to do: buttons, and what they ask first."""

from __future__ import annotations

from typing import Any

from crm.locale import N_

_DEEDS = "crm.plugins.mailings.deeds"
OFFERS: dict[str, tuple[str, dict[str, Any]]] = {
    "mailing_send": (
        f"{_DEEDS}:send",
        {
            "title": N_("Send now"),
            "where": ["mailing"],
            "icon": "letter",
            "when": {"status": ["", "draft", "paused", "sending"]},
            "sure": N_("Letters cannot be taken back."),
        },
    ),
    "mailing_schedule": (
        f"{_DEEDS}:schedule",
        {
            "title": N_("Send by the clock"),
            "where": ["mailing"],
            "icon": "clock",
            "when": {"status": ["", "draft", "paused"]},
            "asks": [
                {"name": "hours", "title": N_("Hours, such as 10:00-17:00")},
                {"name": "starts", "title": N_("Not before"), "type": "date"},
            ],
        },
    ),
    "mailing_resume": (
        f"{_DEEDS}:resume",
        {
            "title": N_("Decide about letters in doubt"),
            "where": ["mailing"],
            "icon": "warn",
            "when": {"status": ["paused", "sending"]},
            "asks": [
                {
                    "name": "decision",
                    "title": N_("They may have arrived"),
                    "options": [["sent", N_("Count them as sent")], ["again", N_("Send them again")]],
                }
            ],
        },
    ),
    "segment_put": (
        f"{_DEEDS}:put",
        {
            "title": N_("Put somebody in"),
            "where": ["segment"],
            "icon": "plus",
            "asks": [{"name": "person", "title": N_("Contact"), "noun": "contact", "required": True}],
        },
    ),
    "segment_drop": (
        f"{_DEEDS}:drop",
        {
            "title": N_("Take somebody out"),
            "where": ["segment"],
            "icon": "close",
            "asks": [{"name": "person", "title": N_("Contact"), "noun": "contact", "required": True}],
        },
    ),
    "segment_freeze": (
        f"{_DEEDS}:freeze",
        {
            "title": N_("Make a static list"),
            "where": ["segment"],
            "icon": "table",
            "asks": [{"name": "name", "title": N_("What the list is called")}],
        },
    ),
    "dispatch_bounce": (
        f"{_DEEDS}:bounce",
        {
            "title": N_("It came back"),
            "where": ["dispatch"],
            "icon": "undo",
            "when": {"status": ["sent"]},
            "asks": [{"name": "reason", "title": N_("What the mail server said")}],
        },
    ),
}
"""Name: (who does it, options of `register_actions`)."""
