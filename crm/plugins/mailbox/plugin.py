"""Letters of the company's boxes: fetched, bound to deals and clients, answered and written («Почта»)."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from crm.hookspecs import hookimpl
from crm.locale import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from crm.plugins.mailbox.letters import Letters
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
    register("letters", "crm.plugins.mailbox.page:letters", title=N_("Mail"), icon="letter", menu=True)


@hookimpl
def do_what_is_due(crm: Workspace) -> Iterator[str]:
    """Hand over the letters that wait in the queue."""
    letters = cast("Letters", crm.collection("letter"))
    if letters.waiting():
        for letter in letters.deliver().letters:
            yield f"{letter.ref} {letter.subject}: {letter.status}"
