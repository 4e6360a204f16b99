"""`config/messenger.yaml`: channels that messages come through."""

from __future__ import annotations

from crm.model.shape import Shape


class Telegram(Shape):
    """A bot of Telegram; an empty `secret` switches its address off, `api` is another server for tests."""

    secret: str = ""
    token_env: str = "CRM_TELEGRAM_TOKEN"
    api: str = "https://api.telegram.org"


class MessengerSettings(Shape):
    """`config/messenger.yaml`; an empty `token` switches the address for any other messenger off.

    `reply_url` is where our answers in such channels are posted, with the token as a bearer.
    """

    token: str = ""
    reply_url: str = ""
    source: str = "open_lines"
    owner: str = ""
    timeout: int = 20
    telegram: Telegram = Telegram()
