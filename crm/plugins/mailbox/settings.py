"""`config/mailbox.yaml`: the boxes that letters are fetched from, templates and signatures of our own letters."""

from __future__ import annotations

from typing import Literal

from crm.model.shape import Shape


class Box(Shape):
    """One box at an IMAP server; `timeout` in seconds, `largest` in megabytes, `password_env` names a variable.

    `sent` is the folder that gets a copy of what we send, `owner` whose task a letter of an unknown sender is.
    """

    name: str
    address: str
    host: str
    port: int = 993
    tls: Literal["tls", "starttls", "none"] = "tls"
    user: str = ""
    password_env: str = "CRM_IMAP_PASSWORD"
    folders: tuple[str, ...] = ("INBOX",)
    sent: str = ""
    timeout: int = 60
    largest: int = 30
    owner: str = ""
    mark_read: bool = False


class Template(Shape):
    """A letter that is written often; its merge fields are those of mailings."""

    name: str
    subject: str
    text: str


class MailboxSettings(Shape):
    """`config/mailbox.yaml`; `signatures` go by login, the one under `default` for everybody else.

    The clock fetches `every` so many minutes, never where that is 0.
    """

    boxes: tuple[Box, ...] = ()
    new_leads: bool = True
    source: str = "corporate_mail"
    from_: str = ""
    attempts: int = 5
    every: int = 5
    templates: tuple[Template, ...] = ()
    signatures: dict[str, str] = {}
