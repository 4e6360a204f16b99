"""A mailing's letter to one recipient, with the values of the record in place of the merge fields."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from crm.locale import _
from crm.plugins.mailings import template
from crm.plugins.mailings.audience import mailable
from crm.plugins.mailings.letter import (
    Envelope,
    checked_sender,
    mail_settings,
    new_message_id,
    unsubscribe_links,
    written,
)
from crm.plugins.mailings.merging import UNSUBSCRIBE, value_of, values_of

if TYPE_CHECKING:
    from email.message import EmailMessage

    from crm.plugins.mailings.audience import Recipient
    from crm.plugins.mailings.nouns import Mailing, Segment
    from crm.sales.desk import Desk


class Merged(NamedTuple):
    """A letter with its values; `empty` names the merge fields for which there was none."""

    message: EmailMessage
    envelope: Envelope
    subject: str
    text: str
    empty: tuple[str, ...]

    def readdressed(self, crm: Desk, address: str) -> Merged:
        """Return the same letter to another address."""
        envelope = self.envelope._replace(address=address, name="")
        message = written(mail_settings(crm), envelope, self.subject, self.text)
        return self._replace(envelope=envelope, message=message)


def merged(crm: Desk, mailing: Mailing, to: Recipient, message_id: str = "", token: str = "") -> Merged:
    """Return the letter of a mailing to one recipient; raise InvalidValue for a merge field that is not known."""
    settings = mail_settings(crm)
    sender = checked_sender(mailing.from_address or settings.from_)
    envelope = Envelope(sender, to.address, to.name, message_id or new_message_id(sender), token)
    names = merge_fields(mailing)
    links = unsubscribe_links(settings, token)
    values = values_of(crm, to, names, links[0] if links else "")
    subject, text = (template.fill(part, values) for part in (mailing.subject, mailing.template))
    empty = tuple(name for name in names if not values[name])
    return Merged(written(settings, envelope, subject, text), envelope, subject, text, empty)


def merge_fields(mailing: Mailing) -> list[str]:
    """Return the names of the merge fields of subject and text, each once."""
    return list(dict.fromkeys([*template.names_in(mailing.subject), *template.names_in(mailing.template)]))


def empty_values(crm: Desk, mailing: Mailing, segment: Segment, letter: Merged) -> list[str]:
    """Return warnings: values that this letter lacks, values that others lack, no way to leave the list."""
    whom = letter.envelope.address
    warnings = [_("{field} is empty for {whom}.").format(field="{" + name + "}", whom=whom) for name in letter.empty]
    people = mailable(crm, segment)
    lacking: Counter[str] = Counter()
    for name in merge_fields(mailing):
        if name != UNSUBSCRIBE:
            lacking[name] += sum(1 for one in people if not value_of(crm, one, name))
    for name, count in lacking.items():
        if count:
            fields = {"field": "{" + name + "}", "count": count, "all": len(people)}
            warnings.append(_("{field} is empty in {count} of {all} letters.").format(**fields))
    if not letter.message["List-Unsubscribe"]:
        warnings.append(_("There is no way to unsubscribe: fill unsubscribe_mailto in config/mailings.yaml."))
    return warnings
