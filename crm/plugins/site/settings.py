"""`config/site.yaml`: who may send requests, what is made of them, and where changes of stages go."""

from __future__ import annotations

from collections.abc import Mapping

from crm.model.shape import Shape


class Reaction(Shape):
    """What is made of a request beside its lead or deal: an activity in so many days, a process of processes.yaml."""

    task: str = ""
    kind: str = "call"
    days: int = 0
    process: str = ""
    pipeline: str = ""


class Webhook(Shape):
    """Where the site hears of stages; `secret_env` names a variable with the secret that signs."""

    url: str
    secret_env: str = "CRM_SITE_SECRET"
    timeout: int = 20
    attempts: int = 12
    everything: bool = False


class SiteSettings(Shape):
    """`config/site.yaml`; an empty token switches its addresses off.

    `token` is for the server of the site; `form_token` may be seen in the HTML of a form: it takes forms alone.
    """

    token: str = ""
    form_token: str = ""
    source: str = "site"
    owner: str = ""
    fields: Mapping[str, str] = {}
    honeypot: str = "website"
    thanks: str = ""
    origins: tuple[str, ...] = ()
    a_minute: int = 60
    form: Reaction = Reaction()
    order: Reaction = Reaction()
    webhooks: tuple[Webhook, ...] = ()
