"""Who wrote a letter: a person, a robot, a mailing list, or a server whose letter says that ours did not arrive."""

from __future__ import annotations

import re
from email.message import Message
from typing import NamedTuple

from crm.plugins.mailbox.charset import decoded, header

PERSON, ROBOT, BOUNCE = "person", "robot", "bounce"
_ROBOTS = re.compile(r"(mailer-daemon|postmaster|no-?reply|do-?not-?reply|donotreply|bounces?([-+].*)?)@.*")


class Bounce(NamedTuple):
    """What a server says of a letter of ours: its Message-ID, the address, the status (5.x.x is for good)."""

    message_id: str
    address: str
    status: str
    why: str

    @property
    def final(self) -> bool:
        """Tell whether the address takes no letters for good."""
        return self.status.startswith("5")


def nature(message: Message, sender: str) -> str:
    """Return who wrote: RFC 3834 and what list software says of itself."""
    if _report(message) is not None:
        return BOUNCE
    automatic = header(message.get("Auto-Submitted")).lower() not in ("", "no")
    bulk = header(message.get("Precedence")).lower() in ("bulk", "list", "junk", "auto_reply")
    path = message.get("Return-Path")
    empty_path = path is not None and header(path) in ("<>", "")
    listed = "List-Id" in message or "List-Unsubscribe" in message or "X-Autoreply" in message
    return ROBOT if automatic or bulk or empty_path or listed or _ROBOTS.fullmatch(sender) else PERSON


def bounce(message: Message) -> Bounce | None:
    """Return what a delivery status notification (RFC 3464) says of a letter of ours, None for another letter."""
    report = _report(message)
    if report is None:
        return None
    fields = _fields(report)
    address = fields.get("final-recipient") or fields.get("original-recipient") or ""
    return Bounce(
        _original(message),
        address.partition(";")[2].strip(" <>").lower() or address.strip().lower(),
        fields.get("status", "").split(" ")[0],
        fields.get("diagnostic-code", "").partition(";")[2].strip() or fields.get("status", ""),
    )


def _parts(message: Message) -> list[Message]:
    inner = message.get_payload()
    return [part for part in inner if isinstance(part, Message)] if isinstance(inner, list) else []


def _report(message: Message) -> Message | None:
    if message.get_content_type() != "multipart/report":
        return None
    return next((one for one in _parts(message) if one.get_content_type() == "message/delivery-status"), None)


def _fields(report: Message) -> dict[str, str]:
    """Return the fields of the first recipient that failed; they stand in blocks after those of the message."""
    fields: dict[str, str] = {}
    for block in _parts(report):
        if "failed" in fields.get("action", ""):
            break
        fields |= {name.lower(): header(value) for name, value in block.items()}
    return fields


def _original(message: Message) -> str:
    for part in _parts(message):
        if part.get_content_type() in ("message/rfc822", "text/rfc822-headers", "message/rfc822-headers"):
            data = part.get_payload(decode=True)
            inner = _parts(part)
            text = decoded(data) if isinstance(data, bytes) else str(inner[0]) if inner else ""
            found = re.search(r"(?im)^message-id:\s*(<[^<>\s]+>)", text)
            if found:
                return found[1]
    return ""
