"""The bases of 1C that may call: each with an address, a name and a password of its own, and what it knows already.

Kept beside the exchanges and not among the records, so that no undo makes 1C forget or a password come back.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from typing import TYPE_CHECKING, Any, NamedTuple

from crm.errors import InvalidValue, NotFound
from crm.locale import _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crm.plugins.onec.archive import Archive

_STATE = "connections"
_NAME = re.compile(r"[A-Za-z0-9_-]{1,40}")


class Connection(NamedTuple):
    """A base of 1C: `token` is the end of its address, `since` the first day whose invoices it is told."""

    name: str
    token: str
    login: str
    password_hash: str
    since: str = ""

    @property
    def way(self) -> str:
        """Return what its address ends with, below /hooks/."""
        return f"1c/{self.token}"


class Connections:
    """All bases of 1C that may call."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive

    def all(self) -> list[Connection]:
        """Return the connections by name."""
        return [Connection(**row) for row in self.archive.state(_STATE).get("connections", [])]

    def get(self, name: str) -> Connection:
        """Return a connection by name; raise NotFound."""
        found = next((one for one in self.all() if one.name == name), None)
        if found is None:
            raise NotFound(_("There is no connection «{name}».").format(name=name), _("See them: crm onec serve-info."))
        return found

    def by_token(self, token: str) -> Connection | None:
        """Return the connection of an address, None for a wrong one."""
        given = token.encode()
        return next((one for one in self.all() if hmac.compare_digest(one.token.encode(), given)), None)

    def connect(self, name: str, since: str = "") -> tuple[Connection, str]:
        """Make a connection, or give one a new password, and return it with its password; the address stays."""
        if not _NAME.fullmatch(name):
            raise InvalidValue(
                _("«{name}» is no name of a connection.").format(name=name),
                _("Use Latin letters, digits, - and _, such as buh."),
            )
        known = {one.name: one for one in self.all()}
        password = secrets.token_urlsafe(15)
        token = known[name].token if name in known else secrets.token_urlsafe(18)
        made = Connection(
            name, token, f"crm-{name}", _hash(password), since or (known[name].since if name in known else "")
        )
        self._save({**known, name: made})
        return made, password

    def disconnect(self, name: str) -> Connection:
        """Forget a connection: its address answers no more."""
        gone = self.get(name)
        self._save({one.name: one for one in self.all() if one.name != name})
        return gone

    def _save(self, known: Mapping[str, Connection]) -> None:
        rows = [known[name]._asdict() for name in sorted(known)]
        self.archive.set_state(_STATE, {"connections": rows})

    # --- what a base knows -------------------------------------------------------------------------------------------

    def knows(self, name: str) -> dict[str, int]:
        """Return the revision of each invoice that a base has confirmed."""
        return dict(self.archive.state(f"known-{name}").get("invoices", {}))

    def confirm(self, name: str, told: Mapping[str, int]) -> None:
        """Note that a base has confirmed invoices as of these revisions."""
        known = self.knows(name) | dict(told)
        self.archive.set_state(f"known-{name}", {"invoices": known})

    def seen(self, name: str) -> dict[str, Any]:
        """Return when a base called last, and what for."""
        found: dict[str, Any] = self.archive.state(f"seen-{name}")
        return found

    def note_seen(self, name: str, time: str, what: str) -> None:
        """Note that a base has called."""
        self.archive.set_state(f"seen-{name}", {"time": time, "what": what})


def fits(connection: Connection, login: str, password: str) -> bool:
    """Tell whether the name and the password are those of the connection."""
    named = hmac.compare_digest(connection.login.casefold().encode(), login.strip().casefold().encode())
    return hmac.compare_digest(connection.password_hash, _hash(password)) and named


def _hash(password: str) -> str:
    """Return what is kept of a password: it is made by us, long and random, so that a plain hash is enough."""
    return hashlib.sha256(password.encode()).hexdigest()
