"""The verbs of users: people of the team, their roles, passwords and tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.errors import InvalidValue, NotFound, Refused
from crm.locale import _
from crm.model.user import SECRET, User
from crm.sales.collection import Collection
from crm.sales.noun import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm.model.fields import Doc
    from crm.store.draft import Draft


ADMIN = "admin"


class Users(Collection[User]):
    """All users."""

    def export(self, record: User) -> Doc:
        """Return a user's JSON without what is kept of the password and the token."""
        return {name: value for name, value in super().export(record).items() if name not in SECRET}

    def id_of(self, key: int | str) -> int:
        """Return the id of a user named by number, reference or login."""
        for found in self.having("login", str(key)):
            return found.id
        return super().id_of(key)

    def add(self, **values: object) -> User:
        """Add a user; with the first one, whoever adds him becomes a user too: the admin, as he was until then."""
        with self.crm.writing("user add") as draft:
            nobody = self.crm.store.index.next_id("user") == 1 and not draft.touched("user")
            if nobody and values.get("login") != self.crm.actor:
                super().add(name=self.crm.actor, login=self.crm.actor, role=ADMIN)
            return super().add(**values)

    def complete(self, doc: Doc) -> Doc:
        """Return a new user: a free login (made of the name where none is given) and a role; the first is an admin."""
        doc.setdefault("login", _login_of(doc.get("email") or doc.get("name") or ""))
        doc.setdefault("role", "manager" if any(self._admins()) else "admin")
        self._check_login(doc["login"], 0)
        return super().complete(doc)

    def change(self, draft: Draft, stored: Doc, fields: Doc) -> None:
        """Draft a change; a login stays free of others."""
        if fields.get("login"):
            self._check_login(fields["login"], stored["id"])
        super().change(draft, stored, fields)
        self._keep_an_admin(stored)

    def delete(self, key: int | str) -> User:
        """Put a user into the trash; the last admin stays."""
        with self.crm.writing("user delete"):
            stored = self.doc(self.id_of(key))
            gone = super().delete(key)
            self._keep_an_admin(stored)
            return gone

    def _admins(self) -> Iterator[User]:
        return (user for user in self.find() if user.role == ADMIN and user.active)

    def _keep_an_admin(self, before: Doc) -> None:
        if before.get("role") == ADMIN and not any(self._admins()):
            raise Refused(
                _("{login} is the last admin.").format(login=before["login"]),
                _("Make another one first: crm user set ID role=admin"),
            )

    def _check_login(self, login: str, own_id: int) -> None:
        if not login or any(sign.isspace() or sign in "/," for sign in login):
            raise InvalidValue(_("«{login}» cannot be a login.").format(login=login), _("Give one word: --login olga."))
        for other in self.having("login", login):
            if other.id != own_id:
                raise InvalidValue(
                    _("The login «{login}» belongs to {name}.").format(login=login, name=other.name),
                    _("Choose another with --login."),
                )

    def by_login(self, login: str) -> User | None:
        """Return the user with that login, or None."""
        return next(iter(self.having("login", login)), None)

    def login_of(self, text: str) -> str:
        """Return the login of a user named by login, name or reference; any text while there are no users.

        Raise NotFound for who is not a user.
        """
        if self.by_login(text) is not None or self.crm.store.index.next_id("user") == 1:
            return text
        for found in self.having("=", fold(text)):
            return found.login
        if text.startswith("user/") or text.isdecimal():
            return self.get(text).login
        if text == self.crm.actor:
            return text
        raise NotFound(_("There is no user «{login}».").format(login=text), _("See the list: crm user list."))


def _login_of(text: str) -> str:
    head = text.partition("@")[0].strip().casefold()
    return "".join(sign if sign.isalnum() or sign in "._-" else "." for sign in head).strip(".") or "user"
