"""How the headers of a letter are written down: List-Unsubscribe as it is, for programs read it and not people.

Imports `email`, so it is itself imported only where a letter is made.
"""

from __future__ import annotations

from email.policy import EmailPolicy
from typing import Any


class LetterPolicy(EmailPolicy):
    """RFC 5322 with CRLF; a long List-Unsubscribe (RFC 2369) is folded at its commas, where `email` would encode it."""

    def fold_binary(self, name: str, value: Any) -> bytes:
        """Return one header line, folded."""
        if name.lower() == "list-unsubscribe":
            folded = ",\r\n ".join(part.strip() for part in str(value).split(","))
            return f"{name}: {folded}\r\n".encode("ascii")
        return super().fold_binary(name, value)


LETTER = LetterPolicy(linesep="\r\n")
