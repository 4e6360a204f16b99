"""Rules for the work of people and for whom they can reach."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm.locale import _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm.workspace import Workspace

Found = tuple[str, str]


def overdue(crm: Workspace) -> Iterator[Found]:
    """Yield activities that are behind their date."""
    from crm.sales.agenda import agenda, day_of

    for activity in agenda(crm, "", crm.today())["overdue"]:
        day = day_of(crm, activity)
        yield activity.ref, _("«{subject}» was due on {day}.").format(subject=activity.subject, day=day)


def left(crm: Workspace) -> Iterator[Found]:
    """Yield open deals, leads and activities whose owner has left."""
    from tinydb.queries import where

    gone = [user.login for user in crm.users.find() if not user.active]
    if not gone:
        return
    theirs: Any = where("owner").one_of(gone)
    work = (
        (crm.deals, ~where("outcome").exists()),
        (crm.leads, ~where("stage").one_of(["converted", "rejected"])),
        (crm.activities, ~(where("done") == True)),  # noqa: E712 - a query
    )
    for collection, open_ones in work:
        for record in collection.find(theirs & open_ones):
            yield (
                record.ref,
                _("The owner {owner} has left: crm {noun} assign {id} USER").format(
                    owner=record.owner, noun=record.noun, id=record.id
                ),
            )


def unreachable(crm: Workspace) -> Iterator[Found]:
    """Yield contacts that can neither be called nor written to."""
    from tinydb.queries import where

    for contact in crm.contacts.find(~where("phones").exists() & ~where("emails").exists()):
        yield contact.ref, _("No phone and no e-mail: crm contact set {id} phones=…").format(id=contact.id)
