"""What is left of a forgotten person: the note on his cards, and a mark of his address that only it gives again."""

from __future__ import annotations

FORGOTTEN = "forgotten"
"""The field of an emptied card that says when its person was forgotten."""


def mark(address: str, secret: str) -> str:
    """Return the mark of an address: HMAC-SHA-256 (RFC 2104) under the workspace's own `secret`, in hex."""
    import hashlib
    import hmac

    from crm.model.email_address import fold

    return "forgotten:" + hmac.new(secret.encode(), fold(address).encode(), hashlib.sha256).hexdigest()
