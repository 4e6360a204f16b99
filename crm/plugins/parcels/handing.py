"""One connection to the mail server over which letters with papers go, and how such a letter is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm.plugins.mailings.letter import checked_sender, mail_settings, new_message_id, wire
from crm.plugins.mailings.post import Pace, Postman

if TYPE_CHECKING:
    from email.message import EmailMessage

    from crm.plugins.parcels.parcel import Parcel
    from crm.sales.desk import Desk


class Handing:
    """Letters on their way; the settings are those of mailings: `config/mailings.yaml`."""

    def __init__(self, crm: Desk) -> None:
        self.crm = crm
        self.settings = mail_settings(crm)
        company = crm.settings.company
        usual = f"{company.name} <{company.email}>" if company.email else ""
        self.sender = checked_sender(self.settings.from_ or usual)
        self.pace = Pace(self.settings.rate)
        self.postman = Postman(self.settings.smtp, self.sender)

    def __enter__(self) -> Handing:
        return self

    def __exit__(self, *_failure: object) -> None:
        self.postman.close()

    def written(self, parcel: Parcel) -> tuple[EmailMessage, str]:
        """Return a letter with its paper, and its Message-ID; waits for its turn."""
        from email.headerregistry import Address
        from email.message import EmailMessage
        from email.utils import format_datetime, localtime

        from crm.plugins.mailings.headers import LETTER
        from crm.plugins.parcels.enclosing import enclosed

        self.pace.wait()
        message_id = parcel.message_id or new_message_id(self.sender)
        message = EmailMessage(policy=LETTER)
        message["From"] = _mailbox(self.sender)
        message["To"] = Address(_quiet(parcel.name), addr_spec=wire(parcel.address))
        message["Subject"] = " ".join(parcel.subject.split())
        message["Date"] = format_datetime(localtime())
        message["Message-ID"] = message_id
        message.set_content((parcel.text or parcel.subject) + "\n", charset="utf-8", cte="quoted-printable")
        name, content = enclosed(self.crm, parcel.paper)
        message.add_attachment(content, maintype="application", subtype="pdf", filename=name)
        return message, message_id


def _mailbox(sender: str) -> Any:
    from email.headerregistry import Address

    name, found, _rest = sender.partition("<")
    return Address(_quiet(name).strip('" ') if found else "", addr_spec=wire(sender))


def _quiet(text: str) -> str:
    return " ".join((text or "").split())
