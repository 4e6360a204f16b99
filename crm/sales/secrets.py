"""Passwords and tokens of users: kept as salted hashes beside the user, never shown again."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import TYPE_CHECKING

from crm.errors import InvalidValue, Refused
from crm.locale import _

if TYPE_CHECKING:
    from crm.model.fields import Doc
    from crm.model.user import User
    from crm.sales.desk import Desk

SHORTEST = 8
_N, _R, _P = 2**14, 8, 1


def hash_password(password: str, salt: str = "") -> str:
    """Return `scrypt$n$r$p$salt$hash` of a password, hex."""
    salt = salt or secrets.token_hex(16)
    digest = hashlib.scrypt(password.encode(), salt=bytes.fromhex(salt), n=_N, r=_R, p=_P).hex()
    return f"scrypt${_N}${_R}${_P}${salt}${digest}"


def fits(password: str, stored: str) -> bool:
    """Tell whether a password is the one whose hash is kept."""
    _name, n, r, p, salt, digest = stored.split("$")
    made = hashlib.scrypt(password.encode(), salt=bytes.fromhex(salt), n=int(n), r=int(r), p=int(p)).hex()
    return hmac.compare_digest(made, digest)


def set_password(crm: Desk, user: str, password: str) -> User:
    """Keep a user's new password; one's own, or anybody's for an admin."""
    if len(password) < SHORTEST:
        raise InvalidValue(_("The password is too short."), _("At least {n} characters.").format(n=SHORTEST))
    return keep_own(crm, user, "user password", {"password_hash": hash_password(password)})


def make_token(crm: Desk, user: str) -> tuple[User, str]:
    """Make a token, keep its hash, and return it; an older one stops working."""
    token = secrets.token_urlsafe(32)
    return keep_own(crm, user, "user token", {"token_hash": token_hash(token)}), token


def token_hash(token: str) -> str:
    """Return what is kept of a token: it is long and random, so that a plain hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def keep_own(crm: Desk, user: str, command: str, fields: Doc) -> User:
    """Keep what a person sets for oneself: one's own, or anybody's for an admin; raise Refused for who is no user."""
    users = crm.collection("user")
    with crm.writing(command) as draft:
        login = crm.person(user)
        found: User | None = next(iter(users.having("login", login)), None)
        if found is None:
            raise Refused(_("{login} is not a user yet.").format(login=login), _("Add: crm user add NAME"))
        if login != crm.actor:
            crm.guard.check("edit", "user", found.doc)
        draft.update("user", found.id, fields)
        kept: User = users.get(found.id)
        return kept
