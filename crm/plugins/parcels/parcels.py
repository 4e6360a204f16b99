"""The outbox of letters with papers: queued with what they belong to, then handed to the mail server one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from crm.errors import OutsideFailed, Refused
from crm.locale import _
from crm.plugins.parcels.parcel import FAILED, QUEUED, SENDING, SENT, Parcel
from crm.sales.collection import Collection

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crm.model.fields import Doc
    from crm.store.draft import Draft

_LONGEST_ERROR = 300


class Parcels(Collection[Parcel]):
    """All letters with papers."""

    def given(self, values: dict[str, object]) -> NoReturn:
        """Refuse a letter made by hand."""
        raise Refused(
            _("Letters with papers are not added by hand."),
            _("Send the paper: crm invoice send 12 --mail, crm price --send …"),
        )

    # --- into the outbox ---------------------------------------------------------------------------------------------

    def queue(
        self, draft: Draft, *, about: str, address: str, name: str, subject: str, text: str, paper: str
    ) -> Parcel:
        """Draft a letter that waits; it is committed together with what brought it about."""
        fields: Doc = {
            "owner": self.crm.actor,
            "about": about or None,
            "address": address,
            "name": " ".join(name.split()) or None,
            "subject": " ".join(subject.split()),
            "text": text.strip() or None,
            "paper": paper,
            "status": QUEUED,
        }
        return self.record(draft.create("parcel", {key: value for key, value in fields.items() if value is not None}))

    # --- out of it ---------------------------------------------------------------------------------------------------

    def waiting(self) -> list[Parcel]:
        """Return the letters that are to be sent, the oldest first."""
        from tinydb.queries import where

        return list(self.find(where("status") == QUEUED))

    def send(self, parcels: Iterable[Parcel]) -> list[Parcel]:
        """Hand letters to the mail server; return them as they stand then.

        Raises OutsideFailed where the server fails: what was not taken waits on.
        """
        from crm.plugins.mailings.sending import Sending
        from crm.plugins.parcels.handing import Handing

        found = list(parcels)
        if not found:
            return []
        with Sending.alone(self.crm), Handing(self.crm) as handing:
            return [self._send(one, handing) for one in found if self.get(one.id).status == QUEUED]

    def _send(self, parcel: Parcel, handing: object) -> Parcel:
        from crm.plugins.mailings.post import Lost, PutOff, Rejected, Unknown
        from crm.plugins.parcels.handing import Handing

        assert isinstance(handing, Handing)
        message, message_id = handing.written(parcel)
        handing.postman.ready()
        self._settle(parcel, SENDING, message_id=message_id, attempts=(parcel.attempts or 0) + 1)
        try:
            handing.postman.hand_over(message, parcel.address)
        except Rejected as reply:
            return self._settle(parcel, FAILED, str(reply))
        except Unknown as loss:
            self._settle(parcel, SENDING, str(loss))
            raise handing.postman.failed(str(loss)) from loss
        except (PutOff, Lost) as loss:
            self._settle(parcel, QUEUED, str(loss))
            raise handing.postman.failed(str(loss)) from loss
        except OutsideFailed as failure:
            self._settle(parcel, QUEUED, failure.message)
            raise
        return self._sent(parcel)

    def _settle(self, parcel: Parcel, status: str, error: str = "", **fields: object) -> Parcel:
        with self.crm.writing("parcel send") as draft:
            draft.extra["final"] = True
            values = {"status": status, "error": error[:_LONGEST_ERROR] or None, **fields}
            return self.record(draft.update("parcel", parcel.id, values))

    def _sent(self, parcel: Parcel) -> Parcel:
        """Note that a letter went, and log it among the activities of what it is about."""
        with self.crm.writing("parcel send") as draft:
            draft.extra["final"] = True
            sent = self.record(
                draft.update("parcel", parcel.id, {"status": SENT, "error": None, "sent_at": draft.time})
            )
            note: Any = (
                getattr(self.crm.collection(parcel.about.partition("/")[0]), "note_sent", None)
                if parcel.about
                else None
            )
            if note is not None:
                note(parcel.about, parcel.address)
            if parcel.about:
                about = self._about(parcel)
                subject = f"{parcel.subject} → {parcel.address}"
                self.crm.collection("activity").add(
                    kind="letter", subject=subject, about=about, direction="out", done=True, due=draft.time
                )
            return sent

    def _about(self, parcel: Parcel) -> str:
        """Return what the activity stands on: the deal of a paper, else its company, else the record itself."""
        doc = self.crm.record(str(parcel.about)).doc
        return str(doc.get("deal") or doc.get("company") or parcel.about)

    def again(self, key: int | str) -> Parcel:
        """Let a letter that failed, or of which nobody knows, wait once more."""
        with self.crm.writing("parcel retry") as draft:
            stored = self.editable(self.id_of(key))
            if stored["status"] == SENT:
                raise Refused(
                    _("{ref} is sent already.").format(ref=self._ref(stored)), _("Send the paper itself once more.")
                )
            return self.record(draft.update("parcel", stored["id"], {"status": QUEUED, "error": None}))
