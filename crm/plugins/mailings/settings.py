"""`config/mailings.yaml`: the mail server, who letters come from, how fast they go, how people leave the list."""

from __future__ import annotations

from typing import Literal

from crm.model.shape import Shape


class MailServer(Shape):
    """The server that takes letters; `timeout` in seconds, `password_env` names a variable of the environment."""

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

    smtp: MailServer = MailServer()
    from_: str = ""
    rate: int = 30
    attempts: int = 5
    hours: str = "09:00-18:00"
    bounces: int = 1
    deal_days: int = 30
    unsubscribe_mailto: str = ""
    base_address: str = ""
