"""What is left of an address of somebody who was forgotten: a mark that only the same address gives again."""

from __future__ import annotations

import hashlib
import hmac

from crm.model.email_address import fold


def mark(address: str, secret: str) -> str:
    """Return the mark of an address: HMAC-SHA-256 under the workspace's own `secret` (RFC 2104), 64 hex digits."""
    return "forgotten:" + hmac.new(secret.encode(), fold(address).encode(), hashlib.sha256).hexdigest()
