"""`config/mailings.yaml`: the mail server, who letters come from, how fast they go, how people leave the list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

from crm.locale import N_
from crm.model.shape import Shape


class MailServer(Shape):
    """The server that takes letters; `timeout` in seconds, `password_env` names a variable of the environment."""

    titles: ClassVar[Mapping[str, str]] = {
        "host": N_("Server"),
        "port": N_("Port"),
        "tls": N_("Encryption"),
        "user": N_("Login"),
        "password_env": N_("Variable of the environment with the password"),
        "timeout": N_("Seconds to wait"),
        "tls=starttls": "STARTTLS",
        "tls=tls": "TLS",
        "tls=none": N_("Without encryption"),
    }

    host: str = ""
    port: int = 587
    tls: Literal["starttls", "tls", "none"] = "starttls"
    user: str = ""
    password_env: str = "CRM_SMTP_PASSWORD"
    timeout: int = 30


class MailSettings(Shape):
    """`config/mailings.yaml`; `rate` is letters a minute, `attempts` how often a letter is tried.

    After so many `bounces` an address is parked; `deal_days` after a letter a new deal counts as coming from it.
    """

    heading = N_("Mail server and mailings")
    titles: ClassVar[Mapping[str, str]] = {
        "smtp": N_("Mail server"),
        "from": N_("From whom letters come"),
        "rate": N_("Letters a minute"),
        "attempts": N_("Attempts of a letter that is put off"),
        "hours": N_("Hours when the clock sends"),
        "bounces": N_("An address is parked after so many letters came back"),
        "deal_days": N_("A new deal counts as coming from a letter for days"),
        "unsubscribe_mailto": N_("Mailbox for who wants no letters"),
        "base_address": N_("Address of the console for the outside"),
    }

    smtp: MailServer = MailServer()
    from_: str = ""
    rate: int = 30
    attempts: int = 5
    hours: str = "09:00-18:00"
    bounces: int = 1
    deal_days: int = 30
    unsubscribe_mailto: str = ""
    base_address: str = ""
