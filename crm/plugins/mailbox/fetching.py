"""Fetching letters: each is one change set with the place reached in its folder, so none is lost or taken twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crm.errors import CrmError, InvalidValue
from crm.locale import _
from crm.plugins.mailbox import filing
from crm.plugins.mailbox.imap import Folder, broken, failed, signed_in
from crm.plugins.mailbox.reading import read

if TYPE_CHECKING:
    from collections.abc import Iterable

    from imap_tools import BaseMailBox

    from crm.plugins.mailbox.imap import Waiting
    from crm.plugins.mailbox.letters import Letters
    from crm.plugins.mailbox.mailboxes import Mailboxes
    from crm.plugins.mailbox.settings import Box, MailboxSettings
    from crm.sales.desk import Desk

_MEGABYTE = 1_000_000


class Fetched(NamedTuple):
    """What a run brought of one folder: letters taken, those known already, and what went wrong."""

    name: str
    taken: int
    known: int
    error: str


class Fetching:
    """One run over the folders of the boxes."""

    def __init__(self, crm: Desk, settings: MailboxSettings) -> None:
        self.crm = crm
        self.settings = settings
        self.letters: Letters = crm.collection("letter")  # type: ignore[assignment]
        self.mailboxes: Mailboxes = crm.collection("mailbox")  # type: ignore[assignment]

    def boxes(self, name: str = "") -> list[Box]:
        """Return the boxes of the settings, or the one of a name; raise InvalidValue where there is none."""
        found = [box for box in self.settings.boxes if name in ("", box.name, box.address)]
        if not found:
            there = ", ".join(box.name for box in self.settings.boxes)
            raise InvalidValue(
                _("There is no box «{name}» in config/mailbox.yaml.").format(name=name)
                if name
                else _("There is no box in config/mailbox.yaml."),
                _("The boxes: {names}.").format(names=there) if there else _("Describe one there under boxes."),
            )
        return found

    def run(self, boxes: Iterable[Box]) -> list[Fetched]:
        """Fetch what is new; a folder or a box that fails is told and does not stop the others."""
        done: list[Fetched] = []
        for box in boxes:
            try:
                with signed_in(box) as session:
                    for folder in box.folders:
                        done.append(self._folder(box, session, folder))
            except CrmError as error:
                done.append(Fetched(box.name, 0, 0, str(error)))
        return done

    def _folder(self, box: Box, session: BaseMailBox, name: str) -> Fetched:
        taken = known = 0
        try:
            folder = Folder(session, name)
            place = self.mailboxes.at(box.name, name, folder.validity)
            for uid in folder.uids(place.uid or 0):
                if self._letter(box, folder, uid, place.id):
                    taken += 1
                else:
                    known += 1
            self.mailboxes.note(box.name, name, "")
        except broken() as error:
            told = failed(box, error)
            self.mailboxes.note(box.name, name, told.message)
            return Fetched(f"{box.name} {name}", taken, known, str(told))
        return Fetched(f"{box.name} {name}", taken, known, "")

    def _letter(self, box: Box, folder: Folder, uid: int, place: int) -> bool:
        """Take one letter; False for one that is known by its Message-ID, or that was removed meanwhile."""
        waiting = folder.head(uid)
        head = read(waiting.head, whole=False) if waiting is not None else None
        if waiting is None or head is None or self.letters.knows(head.message_id):
            self.mailboxes.reach(place, uid)
            return False
        took = self._taken(box, folder, waiting, place)
        if took and box.mark_read:
            folder.mark_read(uid)
        return took

    def _taken(self, box: Box, folder: Folder, waiting: Waiting, place: int) -> bool:
        too_large = waiting.size > box.largest * _MEGABYTE
        data = waiting.head if too_large else folder.whole(waiting.uid)
        if data is None:
            self.mailboxes.reach(place, waiting.uid)
            return False
        letter = read(data, whole=not too_large)
        why = _("too large: {size} MB, it stays in the box").format(size=waiting.size // _MEGABYTE) if too_large else ""
        raw = filing.keep(self.crm, data)
        with self.crm.writing("mailbox fetch") as draft:
            draft.extra["final"] = True
            taken = self.letters.receive(draft, box, letter, raw, waiting.size, why)
            self.mailboxes.reach(place, waiting.uid)
        return taken


def fetch(crm: Desk, settings: MailboxSettings, box: str = "") -> list[Fetched]:
    """Fetch what is new in the boxes, alone; raise Busy while another process fetches."""
    from crm.store.lock import locked

    fetching = Fetching(crm, settings)
    boxes = fetching.boxes(box)
    with locked(crm.store.data / ".mailbox", holder="mailbox fetch", wait=0):
        return fetching.run(boxes)
