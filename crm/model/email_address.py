"""The form in which e-mail addresses are stored and compared. Sending and receiving live elsewhere."""

from __future__ import annotations

import re

from crm.errors import InvalidValue
from crm.locale import _

_WITH_NAME = r"[^<>]*<\s*(?P<address>[^<>]*?)\s*>"
_LOCAL = r'[^\s@<>()\[\],;:"\\\x00-\x1f\x7f.]+(?:\.[^\s@<>()\[\],;:"\\\x00-\x1f\x7f.]+)*'
_LABEL = r"[^\W_](?:[\w-]*[^\W_])?"
_USUAL = r"[a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*@[a-z0-9]+(?:-+[a-z0-9]+)*(?:\.[a-z0-9]+(?:-+[a-z0-9]+)*)+"
_LONGEST = 254


def fold(text: str) -> str:
    """Return the address of `text` in lower case; “Name <a@b.ru>” gives the address alone.

    The shape is checked lightly (RFC 5321 lengths, one @, no spaces, a domain with a point or an
    international one); raises InvalidValue otherwise.
    """
    if re.fullmatch(_USUAL, text) and len(text) <= 64:
        return text
    named = re.fullmatch(_WITH_NAME, text.strip())
    address = (named["address"] if named else text.strip()).lower()
    local, at, domain = address.partition("@")
    if at and len(address) <= _LONGEST and len(local) <= 64 and re.fullmatch(_LOCAL, local) and _is_domain(domain):
        return address
    raise InvalidValue(
        _("“{text}” is not an e-mail address.").format(text=text),
        _("Write it as name@example.com."),
    )


def _is_domain(domain: str) -> bool:
    labels = domain.split(".")
    international = not domain.isascii() or domain.startswith("xn--")
    return (len(labels) > 1 or international) and all(re.fullmatch(_LABEL, label) for label in labels)
