"""The names in the contract with plugins, for code that must not pay for importing pluggy; a test holds both alike."""

from __future__ import annotations

EVENTS = (
    "on_lead_created",
    "on_lead_converted",
    "on_lead_rejected",
    "on_stage_changed",
    "on_deal_created",
    "on_deal_won",
    "on_deal_lost",
    "on_deal_reopened",
    "on_activity_added",
    "on_activity_done",
    "on_quote_sent",
    "on_quote_accepted",
    "on_invoice_issued",
    "on_payment_received",
    "on_invoice_paid",
    "on_call_missed",
    "on_letter_received",
    "on_record_changed",
)

RECORD_ARGUMENT = {
    "on_lead_created": "lead",
    "on_lead_converted": "lead",
    "on_lead_rejected": "lead",
    "on_deal_created": "deal",
    "on_deal_won": "deal",
    "on_deal_lost": "deal",
    "on_deal_reopened": "deal",
    "on_activity_added": "activity",
    "on_activity_done": "activity",
    "on_quote_sent": "quote",
    "on_quote_accepted": "quote",
    "on_invoice_issued": "invoice",
    "on_payment_received": "payment",
    "on_invoice_paid": "invoice",
    "on_call_missed": "activity",
    "on_letter_received": "letter",
}
"""What each event calls its record; the others call it `record`."""
