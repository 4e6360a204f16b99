"""Whose clients and deals are looked at: one's own, a department's, one person's, the whole company's (R23)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crm.errors import Refused, WrongUsage
from crm.locale import _

if TYPE_CHECKING:
    from crm.workspace import Workspace

OWN, DEPARTMENT, COMPANY = "own", "department", "company"
LEVELS = (OWN, DEPARTMENT, COMPANY)


class Level(NamedTuple):
    """The owners that are looked at; None means everybody."""

    owners: frozenset[str] | None = None

    def has(self, owner: str) -> bool:
        """Tell whether an owner's records are looked at."""
        return self.owners is None or owner in self.owners


def level_of(crm: Workspace, level: str = "", owner: str = "", department: str = "") -> Level:
    """Return the level that was asked for; the company's without any. A person or a department names its own."""
    if owner and (department or level):
        raise WrongUsage(_("One person, or a level with its department."), _("Leave out --owner, or the others."))
    if owner:
        return Level(frozenset({crm.person(crm.actor if owner == "me" else owner)}))
    if level == OWN:
        return Level(frozenset({crm.actor}))
    if department or level == DEPARTMENT:
        return Level(_people_of(crm, department))
    return Level()


def _people_of(crm: Workspace, department: str) -> frozenset[str] | None:
    departments = crm.settings.departments
    if department:
        branch = departments.branch(crm.customs.dictionary("departments").resolve(department))
    else:
        branch = departments.headed_by(crm.actor) | departments.branch(
            *filter(None, [crm.department or departments.only])
        )
    if not branch:
        raise Refused(
            _("{login} belongs to no department.").format(login=crm.actor), _("Name one: --department DEPARTMENT.")
        )
    users = list(crm.users.find())
    return frozenset(user.login for user in users if (user.department or departments.only) in branch) if users else None
