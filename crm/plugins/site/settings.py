"""`config/site.yaml`: who may send requests, what is made of them, and where changes of stages go."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from crm.locale import N_
from crm.model.shape import Shape


class Reaction(Shape):
    """What is made of a request beside its lead or deal: an activity in so many days, a process of processes.yaml."""

    titles: ClassVar[Mapping[str, str]] = {
        "task": N_("Activity, empty is none"),
        "kind": N_("Kind of the activity"),
        "days": N_("In so many days"),
        "process": N_("Process"),
    }
    chosen: ClassVar[Mapping[str, str]] = {"kind": "activity_kinds", "pipeline": "pipelines"}

    task: str = ""
    kind: str = "call"
    days: int = 0
    process: str = ""
    pipeline: str = ""


class Webhook(Shape):
    """Where the site hears of stages; `secret_env` names a variable with the secret that signs."""

    titles: ClassVar[Mapping[str, str]] = {
        "url": N_("Address"),
        "secret_env": N_("Variable of the environment with the secret"),
        "timeout": N_("Seconds to wait"),
        "attempts": N_("Attempts"),
        "everything": N_("Of every deal and lead"),
    }

    url: str
    secret_env: str = "CRM_SITE_SECRET"
    timeout: int = 20
    attempts: int = 12
    everything: bool = False


class SiteSettings(Shape):
    """`config/site.yaml`; an empty token switches its addresses off.

    `token` is for the server of the site; `form_token` may be seen in the HTML of a form: it takes forms alone.
    """

    heading = N_("Site")
    titles: ClassVar[Mapping[str, str]] = {
        "token": N_("Token for the server of the site"),
        "form_token": N_("Token for forms"),
        "source": N_("Source of new leads"),
        "owner": N_("Owner of new leads"),
        "fields": N_("Fields of the site, each line as theirs: ours"),
        "honeypot": N_("Field that only robots fill"),
        "thanks": N_("Where a browser goes after a form"),
        "origins": N_("Sites whose scripts may post, with commas"),
        "a_minute": N_("Requests a minute"),
        "form": N_("After a form"),
        "order": N_("After an order"),
        "webhooks": N_("Where the site hears of stages"),
    }
    chosen: ClassVar[Mapping[str, str]] = {"source": "sources", "owner": "people"}

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
