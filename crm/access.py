"""The one guard: who may do what with which record. The workspace asks it before any read or write."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.errors import Refused
from crm.locale import N_, _

if TYPE_CHECKING:
    from crm.model.fields import Doc
    from crm.settings import Settings
    from crm.settings_shapes import Role
    from crm.store.commit import Store
    from crm.store.index import Index
    from crm.store.query import QueryLike

ADMIN = "admin"
_EVERYBODY = "True"
"""The key of a record whose `shared` is a flag, found as the logins are that others are shared with."""
_ABOUT_PEOPLE = ("user",)


class AccessGuard:
    """The rights of one actor in one workspace.

    While a workspace has no users, whoever can read the folder is its admin. A login that is not among the users
    gets the role that `config/access.yaml` names under `unknown_login`.
    """

    def __init__(self, settings: Settings, store: Store, login: str) -> None:
        self.settings = settings
        self.store = store
        self.login = login
        self.user = self._user(login)
        self.role_name = self._role_name()

    @property
    def index(self) -> Index:
        """Return the index that the store uses now."""
        return self.store.index

    def _user(self, login: str) -> Doc | None:
        for record_id in self.index.lookup("user", "login", login):
            doc = self.index.get("user", record_id)
            if doc is not None and "deleted" not in doc:
                return doc
        return None

    def _role_name(self) -> str:
        if self.user is not None:
            return str(self.user.get("role") or "manager")
        if self.index.next_id("user") == 1:
            return ADMIN
        return self.settings.access.unknown_login

    @property
    def role(self) -> Role:
        """Return what the actor's role may do; raise Refused for who is not a user here, or no longer."""
        role = self.settings.access.roles.get(self.role_name)
        if role is None or (self.user is not None and self.user.get("active") is False):
            raise Refused(
                _("{login} is not a user of this workspace.").format(login=self.login),
                _("An admin adds people: crm user add NAME --login {login}.").format(login=self.login),
            )
        return role

    def check(self, action: str, noun: str, doc: Doc | None) -> None:
        """Raise Refused unless the actor may do `action` with a record (or with the noun, when `doc` is None)."""
        if not self.may(action, noun, doc):
            subject = noun if doc is None or "id" not in doc else f"{noun}/{doc['id']}"
            raise Refused(
                _("{login} may not {action} {subject}: the role is {role}.").format(
                    login=self.login, action=_(_ACTIONS[action]), subject=subject, role=self.role_name
                ),
                _("Ask an admin."),
            )

    def may(self, action: str, noun: str, doc: Doc | None) -> bool:
        """Tell whether the actor may do `action`: create, read, edit, delete, export or settings."""
        if self.role_name == ADMIN and self.user is None:
            return True
        role = self.role
        if noun in _ABOUT_PEOPLE and action in ("create", "edit", "delete"):
            return role.settings
        if action in ("read", "edit"):
            return self._reaches(action, role.read if action == "read" else role.edit, doc)
        return bool(getattr(role, action))

    def _reaches(self, action: str, scope: str, doc: Doc | None) -> bool:
        """Tell whether a record is within a scope, or shared: with logins, or by True with everybody to be read."""
        if scope == "all" or doc is None or "owner" not in doc or doc["owner"] in self._logins(scope):
            return True
        shared = doc.get("shared")
        return action == "read" if shared is True else self.login in (shared or ())

    def _logins(self, scope: str) -> frozenset[str]:
        if scope == "own":
            return frozenset({self.login})
        own = (self.user or {}).get("department", "")
        departments = self.settings.departments.headed_by(self.login) | {own}
        rows = self.index.db.execute("SELECT doc->>'$.login', doc->>'$.department' FROM doc_user")
        return frozenset(
            {self.login, *(login for login, department in rows if department and department in departments)}
        )

    def scope(self, noun: str) -> QueryLike | None:
        """Return the query of the records of a noun that the actor may read, None for all."""
        if (self.role_name == ADMIN and self.user is None) or self.role.read == "all" or noun in _ABOUT_PEOPLE:
            return None
        from tinydb.queries import where

        query = where("owner").one_of(sorted(self._logins(self.role.read))) | ~where("owner").exists()
        shared = [id for who in (self.login, _EVERYBODY) for id in self.index.lookup(noun, "shared", who)]
        return query | where("id").one_of(shared) if shared else query


class PluginGuard:
    """The rights of a plugin's reaction: it serves the workspace, not the person whose action it reacts to."""

    def check(self, action: str, noun: str, doc: Doc | None) -> None:
        """Allow."""

    def may(self, action: str, noun: str, doc: Doc | None) -> bool:
        """Allow."""
        return True

    def scope(self, noun: str) -> QueryLike | None:
        """Return None: everything."""
        return None


_ACTIONS = {
    "create": N_("create"),
    "read": N_("read"),
    "edit": N_("edit"),
    "delete": N_("delete"),
    "export": N_("export"),
    "settings": N_("change the settings of"),
}
