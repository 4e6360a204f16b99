"""What one does with a letter on its card: put to another record, sent, decided about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm.errors import CrmError
from crm.locale import _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crm.plugins.mailbox.letters import Letters
    from crm.workspace import Workspace


def _letters(crm: Workspace) -> Letters:
    return crm.collection("letter")  # type: ignore[return-value]


def bind(crm: Workspace, form: Mapping[str, Any]) -> tuple[str, str]:
    """Put a letter and its thread to another record."""
    about = crm.record(str(form.get("about") or "").strip())
    _letters(crm).bind(str(form.get("record") or ""), about.ref)
    return _("The letter is with: {name}").format(name=about.label), f"/{about.ref}"


def send(crm: Workspace, form: Mapping[str, Any]) -> str:
    """Send a letter that waits."""
    return _delivered(crm, str(form.get("record") or ""))


def decide(crm: Workspace, form: Mapping[str, Any]) -> str:
    """Send a letter again that failed or may have arrived, or count it as sent."""
    again = form.get("decision") == "again"
    letter = _letters(crm).decide(str(form.get("record") or ""), again=again)
    return _delivered(crm, letter.ref) if again else _("Counted as sent: {subject}").format(subject=letter.subject)


def _delivered(crm: Workspace, key: str) -> str:
    try:
        _letters(crm).deliver(key)
    except CrmError as error:
        return _("The letter waits in the queue: {why}").format(why=error.message)
    now = _letters(crm).get(key)
    if now.status == "sent":
        return _("Sent: {subject}").format(subject=now.subject)
    return _("Not sent yet: {why}").format(why=now.error or now.status)
