"""`config/messenger.yaml`: channels that messages come through."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from crm.locale import N_
from crm.model.shape import Shape


class Telegram(Shape):
    """A bot of Telegram; an empty `secret` switches its address off, `api` is another server for tests."""

    titles: ClassVar[Mapping[str, str]] = {
        "secret": N_("Secret of your choice"),
        "token_env": N_("Variable of the environment with the token"),
        "api": N_("Address of the server"),
    }

    secret: str = ""
    token_env: str = "CRM_TELEGRAM_TOKEN"
    api: str = "https://api.telegram.org"


class MessengerSettings(Shape):
    """`config/messenger.yaml`; an empty `token` switches the address for any other messenger off.

    `reply_url` is where our answers in such channels are posted, with the token as a bearer.
    """

    heading = N_("Messengers")
    titles: ClassVar[Mapping[str, str]] = {
        "token": N_("Token of a bridge"),
        "reply_url": N_("Where answers are posted"),
        "source": N_("Source of new leads"),
        "owner": N_("Owner of new leads"),
        "timeout": N_("Seconds to wait"),
        "telegram": N_("Telegram"),
    }
    chosen: ClassVar[Mapping[str, str]] = {"source": "sources", "owner": "people"}

    token: str = ""
    reply_url: str = ""
    source: str = "open_lines"
    owner: str = ""
    timeout: int = 20
    telegram: Telegram = Telegram()
