"""Folders of boxes: how far each was fetched."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from crm.errors import Refused
from crm.locale import _
from crm.plugins.mailbox.letter import Mailbox
from crm.sales.collection import Collection

if TYPE_CHECKING:
    from crm.plugins.mailbox.fetching import Fetched


class Mailboxes(Collection[Mailbox]):
    """All folders that were fetched from."""

    def given(self, values: dict[str, object]) -> NoReturn:
        """Refuse a folder made by hand."""
        raise Refused(_("Mailboxes are not added by hand."), _("Describe the box in config/mailbox.yaml."))

    def fetch(self, box: str = "") -> list[Fetched]:
        """Fetch what is new in all boxes or one; raise Busy, or InvalidValue for a box that is not described."""
        from crm.plugins.mailbox.fetching import fetch
        from crm.plugins.mailbox.settings import MailboxSettings

        self.crm.guard.check("create", "letter", None)
        if self.crm.dry_run:
            raise Refused(_("Letters are fetched, or they are not."), _("Leave --dry-run out."))
        return fetch(self.crm, self.crm.settings.section("mailbox", MailboxSettings), box)

    def at(self, box: str, folder: str, validity: int) -> Mailbox:
        """Return how far a folder was fetched; with another UIDVALIDITY its letters are looked at from the first."""
        known = self._known(box, folder)
        if known is not None and known.validity == validity:
            return known
        with self.crm.writing("mailbox fetch") as draft:
            if known is None:
                doc = {"name": f"{box} {folder}", "box": box, "folder": folder, "validity": validity, "uid": 0}
                return self.record(draft.create("mailbox", doc))
            return self.record(draft.update("mailbox", known.id, {"validity": validity, "uid": 0}))

    def reach(self, record_id: int, uid: int) -> None:
        """Note how far a folder was fetched."""
        with self.crm.writing("mailbox fetch") as draft:
            draft.extra["final"] = True
            draft.update("mailbox", record_id, {"uid": uid})

    def note(self, box: str, folder: str, error: str) -> None:
        """Note what went wrong with a folder, or that nothing does any more."""
        known = self._known(box, folder)
        if known is not None and (known.error or "") != error:
            with self.crm.writing("mailbox fetch") as draft:
                draft.update("mailbox", known.id, {"error": error or None})

    def _known(self, box: str, folder: str) -> Mailbox | None:
        found = self.having("name", f"{box} {folder}")
        return found[0] if found else None
