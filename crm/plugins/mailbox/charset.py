"""Text out of bytes of which nobody says, or says wrongly, in which code they are: Cyrillic mail of forty years."""

from __future__ import annotations

import codecs
import re
from email.errors import HeaderParseError
from email.header import decode_header
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from email.message import Message

CYRILLIC = ("utf-8", "cp1251", "koi8-r", "iso-8859-5", "mac_cyrillic", "cp866")
_READ = ("subject", "from", "sender", "to", "cc", "content-type", "content-disposition")
_OFTEN = frozenset("оеаинтсрвлкмдпуяы")
_RARE = frozenset("ёђѓќћџњљѕђ")


def known(name: str) -> str:
    """Return the codec of a name as letters write it (`x-mac-cyrillic`, `windows1251`), empty for none."""
    text = name.strip().strip("\"'").lower().split("*")[0]
    for candidate in (text, text.removeprefix("x-"), text.replace("windows", "cp").replace("-", ""), f"cp{text}"):
        try:
            return codecs.lookup(candidate).name
        except (LookupError, ValueError):
            continue
    return ""


def decoded(data: bytes, charset: str = "") -> str:
    """Return bytes as text: in the named code where it fits, else in the one that makes most Russian of it."""
    codec = known(charset)
    if data.isascii() and codec in ("", "ascii", "utf-8"):
        return data.decode("ascii")
    if codec and codec != "ascii":
        try:
            return data.decode(codec)
        except (UnicodeDecodeError, ValueError):
            if codec != "utf-8":
                return data.decode(codec, "replace")
    return guessed(data)


def guessed(data: bytes) -> str:
    """Return bytes in the code that makes most Russian of them; utf-8 wins where it fits at all."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        readings = (data.decode(codec, "replace") for codec in CYRILLIC[1:])
        return max(readings, key=_likeness)


def _likeness(text: str) -> int:
    """Return how much a text looks like Russian: frequent small letters count, marks and rare letters tell against."""
    score = 0
    before = " "
    for char in text:
        if char in _OFTEN:
            score += 2
        elif "а" <= char <= "я":
            score += 1
        elif "А" <= char <= "Я":
            score += 1 if not before.islower() else -3
        elif char in _RARE or (ord(char) > 127 and not char.isalpha()) or (char.isalpha() and ord(char) > 127):
            score -= 2
        before = char
    return score


def header(value: object, charset: str = "") -> str:
    """Return a header on one line: encoded words (RFC 2047) read, raw eight-bit bytes in `charset` or guessed."""
    text = unfolded(value, charset)
    try:
        parts = decode_header(text) if "=?" in text else [(text, None)]
    except (HeaderParseError, ValueError):
        parts = [(text, None)]
    read = "".join(part if isinstance(part, str) else decoded(part, named or "") for part, named in parts)
    return " ".join(_printable(read).split())


def plain(message: Message) -> Message:
    """Let the headers of a part that hold raw eight-bit bytes be text, for `email` would make marks of them."""
    charset = next((found[1] for name, value in message.raw_items() if (found := _charset_in(name, value))), "")
    for name, value in list(message.raw_items()):
        if name.lower() in _READ and any("\udc80" <= char <= "\udcff" for char in str(value)):
            message.replace_header(name, unfolded(value, charset))
    return message


def _charset_in(name: str, value: object) -> re.Match[str] | None:
    return re.search(r"(?i)charset\s*=\s*\"?([\w-]+)", str(value)) if name.lower() == "content-type" else None


def unfolded(value: object, charset: str = "") -> str:
    """Return a header on one line with its encoded words as they are, raw bytes in `charset` or guessed."""
    text = str(value) if value is not None else ""
    if any("\udc80" <= char <= "\udcff" for char in text):
        text = decoded(text.encode("utf-8", "surrogateescape"), charset)
    return " ".join(text.split())


def _printable(text: str) -> str:
    return "".join(char if char.isprintable() or char in "\t\n" else " " for char in text)
