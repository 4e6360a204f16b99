"""What one does with mailings, segments and letters on their cards and on the page of mailings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm.errors import InvalidValue
from crm.locale import _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crm.plugins.mailings.dispatches import Dispatches
    from crm.plugins.mailings.mailings import Mailings
    from crm.plugins.mailings.segments import Segments
    from crm.plugins.mailings.sending import Sent
    from crm.workspace import Workspace


def _mailings(crm: Workspace) -> Mailings:
    return crm.collection("mailing")  # type: ignore[return-value]


def _segments(crm: Workspace) -> Segments:
    return crm.collection("segment")  # type: ignore[return-value]


def _text(form: Mapping[str, Any], name: str = "record") -> str:
    return str(form.get(name) or "").strip()


def send(crm: Workspace, form: Mapping[str, Any]) -> str:
    """Send the letters of a mailing now, or go on with what waits."""
    return _said(_mailings(crm).send(_text(form)))


def _said(sent: Sent) -> str:
    counts = ", ".join(f"{_(status)} {count}" for status, count in sent.counts.items())
    return _("«{name}»: {counts}").format(name=sent.mailing.name, counts=counts or "0")


def schedule(crm: Workspace, form: Mapping[str, Any]) -> str:
    """Let the clock send a mailing, from a day on and within some hours."""
    made = _mailings(crm).schedule(_text(form), _text(form, "hours"), _text(form, "starts"))
    return _("Letters of «{name}» go during working hours.").format(name=made.name)


def resume(crm: Workspace, form: Mapping[str, Any]) -> str:
    """Decide about letters of which nobody knows whether they arrived."""
    again = _text(form, "decision") == "again"
    count = _mailings(crm).resume(_text(form), again=again)
    if again and count:
        return _said(_mailings(crm).send(_text(form)))
    return _("Decided: {n} letters.").format(n=count)


def put(crm: Workspace, form: Mapping[str, Any]) -> str:
    """Put a person into a segment by hand."""
    segment = _segments(crm).put(_text(form), [_contact(crm, form)])
    return _("In the segment: {name}").format(name=segment.name)


def drop(crm: Workspace, form: Mapping[str, Any]) -> str:
    """Take out a person who was put by hand."""
    segment = _segments(crm).drop(_text(form), [_contact(crm, form)])
    return _("Out of the segment: {name}").format(name=segment.name)


def _contact(crm: Workspace, form: Mapping[str, Any]) -> str:
    named = _text(form, "person")
    if not named:
        raise InvalidValue(_("Nobody was named."), _("Write a name."))
    return named if "/" in named else crm.customs.find_ref("contact", named)


def freeze(crm: Workspace, form: Mapping[str, Any]) -> tuple[str, str]:
    """Make a static list of those who are in a segment now."""
    made = _segments(crm).freeze(_text(form), _text(form, "name"))
    return _("The list is made: {name}").format(name=made.name), f"/{made.ref}"


def starter(crm: Workspace, _form: Mapping[str, Any]) -> tuple[str, str]:
    """Add segments to begin with."""
    made = _segments(crm).starter()
    return _("Segments added: {n}").format(n=len(made)), "/segments"


def bounce(crm: Workspace, form: Mapping[str, Any]) -> str:
    """Note that a letter came back."""
    dispatches: Dispatches = crm.collection("dispatch")  # type: ignore[assignment]
    letter = dispatches.get(_text(form))
    dispatches.bounced(str(letter.message_id), _text(form, "reason"))
    return _("Noted: the letter to {address} came back.").format(address=letter.address)


def unpark(crm: Workspace, form: Mapping[str, Any]) -> str:
    """Let a parked address get mailings again."""
    count = _mailings(crm).unpark(_text(form, "address"))
    said = _("{address} gets mailings again; {n} letters had come back.")
    return said.format(address=_text(form, "address"), n=count)
