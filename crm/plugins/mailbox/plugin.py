"""Letters of the company's boxes: fetched, bound to deals and clients, answered and written («Почта»)."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from crm.hookspecs import hookimpl
from crm.locale import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from crm.plugins.mailbox.letters import Letters
    from crm.plugins.mailbox.mailboxes import Mailboxes
    from crm.workspace import Workspace


@hookimpl
def register_settings(register: Callable[..., None]) -> None:
    """Declare `config/mailbox.yaml`."""
    from crm.plugins.mailbox.settings import MailboxSettings

    register(MailboxSettings)


@hookimpl
def register_entities(register: Callable[..., None]) -> None:
    """Bring letters and the folders they come from."""
    from crm.plugins.mailbox.letter import Letter, Mailbox
    from crm.plugins.mailbox.letters import Letters
    from crm.plugins.mailbox.mailboxes import Mailboxes

    register(Letter, Letters)
    register(Mailbox, Mailboxes)


@hookimpl
def register_commands(register: Callable[..., None]) -> None:
    """Bring the verbs of letters and boxes."""
    register("letter", "crm.plugins.mailbox.cli_letter:VERBS", help=N_("Letters: read, answer, write"))
    register("mailbox", "crm.plugins.mailbox.cli_mailbox:VERBS", help=N_("Boxes that letters are fetched from"))


@hookimpl
def register_pages(register: Callable[..., None]) -> None:
    """Bring the page of letters to the console."""
    register("letters", "crm.plugins.mailbox.page:letters", title=N_("Mail"), group="talk", icon="letter")


@hookimpl
def register_panels(register: Callable[..., None]) -> None:
    """Show the letters about a card, and the form of a new one."""
    for noun in ("lead", "contact", "company", "deal"):
        register(f"letters-{noun}", "crm.plugins.mailbox.desk:panel", title=N_("Mail"), where=noun)


@hookimpl
def register_actions(register: Callable[..., None]) -> None:
    """Bring what the forms of letters do."""
    deeds = "crm.plugins.mailbox.deeds"
    register("letter", "crm.plugins.mailbox.desk:act")
    register(
        "letter_bind", f"{deeds}:bind", title=N_("Put to another record"), where=["letter"], icon="link",
        asks=[{"name": "about", "title": N_("Record, such as deal/12"), "required": True}],
    )  # fmt: skip
    register(
        "letter_send", f"{deeds}:send", title=N_("Send now"), where=["letter"], icon="letter",
        when={"direction": ["out"], "status": ["queued"]},
    )  # fmt: skip
    register(
        "letter_decide", f"{deeds}:decide", title=N_("Decide"), where=["letter"], icon="warn",
        when={"direction": ["out"], "status": ["sending", "failed"]},
        asks=[{
            "name": "decision", "title": N_("It may have arrived"),
            "options": [["again", N_("Send it again")], ["sent", N_("Count it as sent")]],
        }],
    )  # fmt: skip


@hookimpl
def do_what_is_due(crm: Workspace, now: datetime) -> Iterator[str]:
    """Fetch what is new in the boxes every few minutes, and hand over the letters that wait in the queue."""
    from crm.plugins.mailbox.settings import MailboxSettings

    settings = crm.settings.section("mailbox", MailboxSettings)
    if settings.boxes and settings.every and now.minute % settings.every == 0:
        for fetched in cast("Mailboxes", crm.collection("mailbox")).fetch():
            if fetched.taken or fetched.error:
                yield f"{fetched.name}: {fetched.error or fetched.taken}"
    letters = cast("Letters", crm.collection("letter"))
    if letters.waiting():
        for letter in letters.deliver().letters:
            yield f"{letter.ref} {letter.subject}: {letter.status}"
