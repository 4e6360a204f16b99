"""`config/mailbox.yaml`: the boxes that letters are fetched from, templates and signatures of our own letters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

from crm.locale import N_
from crm.model.shape import Shape


class Box(Shape):
    """One box at an IMAP server; `timeout` in seconds, `largest` in megabytes, `password_env` names a variable.

    `sent` is the folder that gets a copy of what we send, `owner` whose task a letter of an unknown sender is.
    """

    titles: ClassVar[Mapping[str, str]] = {
        "name": N_("What the box is called"),
        "address": N_("Address"),
        "host": N_("Server"),
        "port": N_("Port"),
        "tls": N_("Encryption"),
        "user": N_("Login"),
        "password_env": N_("Variable of the environment with the password"),
        "folders": N_("Folders"),
        "sent": N_("Folder for copies of what we send"),
        "timeout": N_("Seconds to wait"),
        "largest": N_("Largest letter, MB"),
        "owner": N_("Who gets letters of unknown people"),
        "mark_read": N_("Mark letters as read at the server"),
        "tls=starttls": "STARTTLS",
        "tls=tls": "TLS",
        "tls=none": N_("Without encryption"),
    }
    chosen: ClassVar[Mapping[str, str]] = {"owner": "people"}

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

    titles: ClassVar[Mapping[str, str]] = {
        "name": N_("Name"),
        "subject": N_("Subject"),
        "text": N_("Text"),
    }

    name: str
    subject: str
    text: str


class MailboxSettings(Shape):
    """`config/mailbox.yaml`; `signatures` go by login, the one under `default` for everybody else.

    The clock fetches `every` so many minutes, never where that is 0.
    """

    heading = N_("Mailboxes, templates and signatures")
    titles: ClassVar[Mapping[str, str]] = {
        "boxes": N_("Box"),
        "new_leads": N_("An unknown person who writes becomes a lead"),
        "source": N_("Source of such a lead"),
        "from": N_("From whom letters come"),
        "attempts": N_("Attempts of a letter that is put off"),
        "every": N_("Fetch every so many minutes, 0 is never"),
        "templates": N_("Template"),
        "signatures": N_("Signatures, each line as login: words; default is for the others"),
    }
    chosen: ClassVar[Mapping[str, str]] = {"source": "sources"}

    boxes: tuple[Box, ...] = ()
    new_leads: bool = True
    source: str = "corporate_mail"
    from_: str = ""
    attempts: int = 5
    every: int = 5
    templates: tuple[Template, ...] = ()
    signatures: dict[str, str] = {}
