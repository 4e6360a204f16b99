"""What is attached to a letter: safe names, bytes, and the files within Outlook's winmail.dat."""

from __future__ import annotations

import re
from email.message import Message
from typing import TYPE_CHECKING, NamedTuple

from crm.plugins.mailbox.charset import decoded, header

if TYPE_CHECKING:
    from collections.abc import Iterator

_LONGEST_NAME = 120
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")


class Attachment(NamedTuple):
    """A file of a letter."""

    name: str
    kind: str
    data: bytes


def attachments_of(parts: list[Message]) -> list[Attachment]:
    """Return the attachments of a letter, each name once."""
    found: list[Attachment] = []
    for part in parts:
        for one in _unpacked(part):
            found.append(one._replace(name=_free(one.name, {other.name for other in found})))
    return found


def _unpacked(part: Message) -> Iterator[Attachment]:
    kind = part.get_content_type()
    data = _bytes(part)
    name = safe_name(_name(part)) or f"{kind.replace('/', '.')}"
    if kind in ("application/ms-tnef", "application/vnd.ms-tnef") or name.lower() == "winmail.dat":
        within = list(_tnef(data))
        if within:
            yield from within
            return
    yield Attachment(name, kind, data)


def _bytes(part: Message) -> bytes:
    inner = part.get_payload()
    if isinstance(inner, list):  # an enclosed letter
        return b"\n".join(one.as_bytes() for one in inner if isinstance(one, Message))
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


def _name(part: Message) -> str:
    """Return the file name as the letter says it: RFC 2231, RFC 2047, or raw bytes."""
    from email.utils import collapse_rfc2231_value

    for key, line in (("filename", "Content-Disposition"), ("name", "Content-Type")):
        value = part.get_param(key, None, line.lower())
        if isinstance(value, tuple):
            raw = str(value[2]).encode("latin-1", "replace")
            return decoded(raw, value[0] or "") if value[0] else collapse_rfc2231_value(value)
        if value:
            return header(value)
    return ""


def safe_name(name: str) -> str:
    """Return a name that is a file of its folder on every system: no path, no marks, not hidden, not a device."""
    last = re.split(r"[/\\]", name)[-1]
    clean = re.sub(r'[<>:"|?*\x00-\x1f\x7f]', "_", "".join(char for char in last if char.isprintable()))
    clean = clean.strip(". ")
    if _RESERVED.fullmatch(clean):
        clean = f"_{clean}"
    stem, dot, ending = clean.rpartition(".")
    return clean if len(clean) <= _LONGEST_NAME else f"{stem[: _LONGEST_NAME - 12]}{dot}{ending[:11]}"


def _free(name: str, taken: set[str]) -> str:
    stem, dot, ending = name.rpartition(".")
    number = 1
    free = name
    while free in taken:
        number += 1
        free = f"{stem} ({number}){dot}{ending}" if dot else f"{name} ({number})"
    return free


def _tnef(data: bytes) -> Iterator[Attachment]:
    """Yield the files of a winmail.dat; none where it cannot be read: then it is an attachment as it is."""
    try:
        from tnefparse import TNEF

        for one in TNEF(data).attachments:
            name = one.long_filename() or one.name or "attachment"
            name = name if isinstance(name, str) else decoded(name)
            yield Attachment(safe_name(name.strip("\0")) or "attachment", "application/octet-stream", bytes(one.data))
    except Exception:
        return
