"""What people call the files of `config/`."""

from __future__ import annotations

from crm.locale import N_, _

TITLES = {
    "access": N_("Roles and rights"),
    "control": N_("Control"),
    "crm": N_("Company and account"),
    "departments": N_("Departments"),
    "dictionaries": N_("Dictionaries"),
    "documents": N_("Documents"),
    "fields": N_("Own fields"),
    "invoices": N_("Invoices"),
    "lint": N_("Checks of the data"),
    "mailbox": N_("Mail"),
    "mailings": N_("Mailings"),
    "messenger": N_("Messages"),
    "motivator": N_("Points for work"),
    "onec": N_("Exchange with 1C"),
    "pipelines": N_("Pipelines"),
    "planner": N_("Reminders"),
    "pricelist": N_("Price list"),
    "processes": N_("Processes"),
    "quotes": N_("Quotes"),
    "rules": N_("Rules of automation"),
    "scoring": N_("Points of leads"),
    "site": N_("Forms of the site"),
    "sla": N_("First answer to leads"),
    "telephony": N_("Telephone exchange"),
    "vat": N_("VAT rates"),
}


def file_title(name: str) -> str:
    """Return what people call a file of `config/`, its own name where only a plugin knows it."""
    return _(TITLES[name]) if name in TITLES else f"{name}.yaml"
