"""A letter read from its bytes, whatever they are: headers, text, attachments. Nothing here ever fails on a letter."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from email.message import Message
from email.parser import BytesHeaderParser, BytesParser
from email.policy import compat32
from email.utils import getaddresses, parsedate_to_datetime
from typing import TYPE_CHECKING

from crm.plugins.mailbox.attachments import Attachment, attachments_of
from crm.plugins.mailbox.charset import decoded, header, plain, unfolded
from crm.plugins.mailbox.shown import text_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

MOST_PARTS = 500
LONGEST_TEXT = 100_000
_HEAD = 65_536
_MESSAGE_ID = re.compile(r"<[^<>\s]+>")


@dataclass
class Read:
    """What was read of a letter; `broken` says why it could not be read as a whole."""

    message: Message
    subject: str = ""
    sender: str = ""
    sender_name: str = ""
    to: list[str] = field(default_factory=list)
    date: datetime | None = None
    message_id: str = ""
    references: list[str] = field(default_factory=list)
    text: str = ""
    html: str = ""
    attachments: list[Attachment] = field(default_factory=list)
    broken: str = ""


def read(data: bytes, *, whole: bool = True) -> Read:
    """Read a letter, or its headers alone where it is not at hand whole."""
    message, broken = _parsed(data) if whole else (BytesHeaderParser(policy=compat32).parsebytes(data), "")
    found = _headers(message)
    found.broken = broken
    if whole and not broken:
        try:
            _body(found, list(_leaves(message)))
        except (RecursionError, TooManyParts, ValueError, LookupError) as error:
            found.broken = type(error).__name__
    return found


class TooManyParts(Exception):
    """A letter that is made to choke its reader."""


def _parsed(data: bytes) -> tuple[Message, str]:
    try:
        return BytesParser(policy=compat32).parsebytes(data), ""
    except (RecursionError, ValueError, LookupError, AttributeError) as error:
        return BytesHeaderParser(policy=compat32).parsebytes(data[:_HEAD]), type(error).__name__


def _headers(message: Message) -> Read:
    charset = plain(message).get_content_charset("")
    senders = addresses(message, "From", charset) or addresses(message, "Sender", charset)
    name, sender = senders[0] if senders else ("", "")
    return Read(
        message,
        subject=header(message.get("Subject"), charset),
        sender=sender,
        sender_name=name,
        to=[address for line in ("To", "Cc") for _name, address in addresses(message, line, charset)],
        date=_date(message),
        message_id=next(iter(_MESSAGE_ID.findall(str(message.get("Message-ID", "")))), ""),
        references=references(message),
    )


def addresses(message: Message, name: str, charset: str = "") -> list[tuple[str, str]]:
    """Return the (name, address) pairs of a header, addresses in their compared form, what is none left out."""
    from crm.errors import InvalidValue
    from crm.model.email_address import fold

    found = []
    values = [unfolded(value, charset) for value in message.get_all(name, [])]
    for shown, address in getaddresses(values):
        try:
            found.append((header(shown, charset), fold(address)))
        except InvalidValue:
            continue
    return found


def references(message: Message) -> list[str]:
    """Return the letters that a letter answers, the nearest first (RFC 5322 3.6.4)."""
    answered = _MESSAGE_ID.findall(str(message.get("In-Reply-To", "")))
    before = _MESSAGE_ID.findall(str(message.get("References", "")))
    return list(dict.fromkeys([*answered, *reversed(before)]))[:50]


def _date(message: Message) -> datetime | None:
    from datetime import UTC

    try:
        when = parsedate_to_datetime(str(message.get("Date", "")))
        return when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _leaves(message: Message) -> Iterator[Message]:
    """Yield the parts that hold something; an enclosed letter is one part."""
    queue = [message]
    seen = 0
    while queue:
        part = queue.pop(0)
        seen += 1
        if seen > MOST_PARTS:
            raise TooManyParts
        inner = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(inner, list):
            queue[:0] = [one for one in inner if isinstance(one, Message)]
        else:
            yield plain(part)


def _body(found: Read, leaves: list[Message]) -> None:
    shown = [part for part in leaves if _is_text(part)]
    plain = [_text(part) for part in shown if part.get_content_subtype() != "html"]
    html = [_text(part) for part in shown if part.get_content_subtype() == "html"]
    found.html = "\n".join(html)
    text = "\n".join(plain).strip() or text_of(found.html)
    found.text = text.replace("\r\n", "\n").replace("\0", "")[:LONGEST_TEXT]
    found.attachments = attachments_of([part for part in leaves if not _is_text(part)])


def _is_text(part: Message) -> bool:
    named = part.get_filename() or part.get_content_disposition() == "attachment"
    return part.get_content_maintype() == "text" and not named


def _text(part: Message) -> str:
    data = part.get_payload(decode=True)
    return decoded(data if isinstance(data, bytes) else b"", part.get_content_charset("") or "")
