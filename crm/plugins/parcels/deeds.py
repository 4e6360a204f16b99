"""What one does with letters in the console: sent now, or once more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm.errors import CrmError
from crm.locale import _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crm.plugins.parcels.parcel import Parcel
    from crm.plugins.parcels.parcels import Parcels
    from crm.workspace import Workspace


def hand_over(crm: Workspace, parcel: Parcel) -> str:
    """Send a letter and say what became of it; one that the mail server does not take now waits on."""
    parcels: Parcels = crm.collection("parcel")  # type: ignore[assignment]
    try:
        parcels.send([parcel])
    except CrmError as error:
        return _("The letter waits in the outbox: {why}").format(why=error.message)
    sent = parcels.get(parcel.id)
    if sent.error:
        return _("{address} did not take the letter: {why}").format(address=sent.address, why=sent.error)
    return _("The letter went to {address}.").format(address=sent.address)


def send(crm: Workspace, form: Mapping[str, Any]) -> str:
    """Send a letter that waits."""
    parcels: Parcels = crm.collection("parcel")  # type: ignore[assignment]
    return hand_over(crm, parcels.get(str(form.get("record") or "")))


def again(crm: Workspace, form: Mapping[str, Any]) -> str:
    """Send a letter once more that failed, or of which nobody knows."""
    parcels: Parcels = crm.collection("parcel")  # type: ignore[assignment]
    return hand_over(crm, parcels.again(str(form.get("record") or "")))
