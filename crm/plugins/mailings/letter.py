"""One letter as it goes out: headers, the text in UTF-8, and how to leave the list (RFC 5322, 2369, 8058)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

from crm.errors import InvalidValue
from crm.locale import _
from crm.model.email_address import fold

if TYPE_CHECKING:
    from email.message import EmailMessage

    from crm.plugins.mailings.settings import MailSettings
    from crm.sales.desk import Desk


class Envelope(NamedTuple):
    """Who a letter comes from and goes to, and what it is found by later."""

    sender: str
    address: str
    name: str
    message_id: str
    token: str = ""


def domain_of(address: str) -> str:
    """Return the domain of an address in the form of the network (IDNA)."""
    return fold(address).rpartition("@")[2].encode("idna").decode()


def wire(address: str) -> str:
    """Return an address as mail servers take it: its domain in IDNA."""
    folded = fold(address)
    return f"{folded.rpartition('@')[0]}@{domain_of(folded)}"


def sendable(address: str) -> bool:
    """Tell whether mail servers without SMTPUTF8 (RFC 6531) take an address: ASCII before the @, a lawful domain."""
    try:
        return wire(address).isascii()
    except (InvalidValue, UnicodeError):
        return False


def new_message_id(sender: str) -> str:
    """Return a Message-ID that no other letter has."""
    from uuid import uuid4

    return f"<{uuid4()}@{domain_of(sender)}>"


def checked_sender(text: str) -> str:
    """Return the address that letters come from; raise InvalidValue where there is none or it is not one."""
    if not text:
        raise InvalidValue(
            _("It is not said who the letters come from."),
            _("Fill `from` in config/mailings.yaml, or give the mailing a from_address."),
        )
    if not sendable(text):
        raise InvalidValue(
            _("Letters cannot come from «{address}».").format(address=text), _("Write it as Name <name@example.com>.")
        )
    return " ".join(text.split())


def mail_settings(crm: Desk) -> MailSettings:
    """Return `config/mailings.yaml`; raise InvalidValue where letters could not carry what it says."""
    from crm.plugins.mailings.settings import MailSettings

    settings = crm.settings.section("mailings", MailSettings)
    base = settings.base_address
    if base and not (base.startswith("https://") and base.isascii()):
        raise InvalidValue(
            _("base_address in config/mailings.yaml is not an https address: «{address}».").format(address=base),
            _("Write it as https://crm.example.com, or leave it empty."),
        )
    if settings.unsubscribe_mailto and not sendable(settings.unsubscribe_mailto):
        raise InvalidValue(
            _("unsubscribe_mailto in config/mailings.yaml is not an address: «{address}».").format(
                address=settings.unsubscribe_mailto
            ),
            _("Write it as unsubscribe@example.com, or leave it empty."),
        )
    return settings


def unsubscribe_links(settings: MailSettings, token: str) -> list[str]:
    """Return the addresses by which a letter can be answered with "no more": https first, then mailto."""
    links = []
    if settings.base_address and token:
        links.append(f"{settings.base_address.rstrip('/')}/hooks/unsubscribe/{token}")
    if settings.unsubscribe_mailto:
        links.append(f"mailto:{wire(settings.unsubscribe_mailto)}?subject={quote(f'unsubscribe {token}'.strip())}")
    return links


def written(settings: MailSettings, envelope: Envelope, subject: str, text: str) -> EmailMessage:
    """Return the letter, ready to be sent; no value can add a header, a line end becomes a space."""
    from email.headerregistry import Address
    from email.message import EmailMessage
    from email.utils import format_datetime, localtime

    from crm.plugins.mailings.headers import LETTER

    message = EmailMessage(policy=LETTER)
    message["From"] = _mailbox(envelope.sender)
    message["To"] = Address(_one_line(envelope.name), addr_spec=wire(envelope.address))
    message["Subject"] = _one_line(subject)
    message["Date"] = format_datetime(localtime())
    message["Message-ID"] = envelope.message_id
    message["Precedence"] = "bulk"
    links = unsubscribe_links(settings, envelope.token)
    if links:
        message["List-Unsubscribe"] = ", ".join(f"<{link}>" for link in links)
    if links and links[0].startswith("https:"):
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(text, charset="utf-8", cte="quoted-printable")
    return message


def _mailbox(sender: str) -> object:
    from email.headerregistry import Address

    name, found, _rest = sender.partition("<")
    return Address(_one_line(name).strip('" ') if found else "", addr_spec=wire(sender))


def _one_line(text: str) -> str:
    return " ".join(text.split())
