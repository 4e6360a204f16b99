"""A letter of ours as it goes out: headers, thread, text with signature, attachments (RFC 5322)."""

from __future__ import annotations

import mimetypes
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from crm.errors import CrmError, InvalidValue, NotFound, WrongUsage
from crm.locale import _
from crm.model.email_address import fold

if TYPE_CHECKING:
    from email.message import EmailMessage

    from crm.model.record import Record
    from crm.plugins.mailbox.letter import Letter
    from crm.plugins.mailbox.settings import MailboxSettings, Template
    from crm.sales.desk import Desk

LARGEST = 25_000_000
PAPERS = ("quote", "invoice", "document")


class Draft(NamedTuple):
    """What somebody wants to write; `about` and `parent` are references or letters, `attach` papers and files.

    An `automatic` letter of the program is no work of its `owner`: it is marked as such and logs no activity.
    """

    to: tuple[str, ...]
    subject: str
    text: str
    about: str = ""
    parent: Letter | None = None
    attach: tuple[str, ...] = ()
    box: str = ""
    automatic: bool = False
    owner: str = ""


class Enclosed(NamedTuple):
    """A file that goes along."""

    name: str
    data: bytes
    paper: str = ""


def addressees(crm: Desk, to: tuple[str, ...], about: str) -> list[str]:
    """Return to whom a letter goes: the addresses given, else those of the card's people, the first of each."""
    if to:
        return list(dict.fromkeys(fold(address) for address in to))
    found = []
    for record in _people(crm, about) if about else ():
        found += [str(email) for email in (record.doc.get("emails") or [])[:1]]
    if not found:
        raise WrongUsage(_("It is not said to whom the letter goes."), _("Add --to name@example.com."))
    return list(dict.fromkeys(found))


def _people(crm: Desk, about: str) -> list[Record]:
    """Return the records whose addresses a letter about a card goes to."""
    record = crm.record(about)
    refs = [record.doc.get("contact"), *(record.doc.get("contacts") or [])]
    people = [crm.record(ref) for ref in refs if ref]
    if record.doc.get("emails"):
        return [record]
    with_address = [one for one in people if one.doc.get("emails")][:1]
    company = record.doc.get("company")
    return with_address or ([crm.record(company)] if company else [])


def from_template(crm: Desk, settings: MailboxSettings, name: str, draft: Draft) -> Draft:
    """Return a draft with the words of a template, its merge fields filled for the card; raise NotFound."""
    from crm.plugins.mailings.audience import Recipient
    from crm.plugins.mailings.merging import check_fields, values_of
    from crm.plugins.mailings.template import fill, names_in

    template = _template(settings, name)
    record = crm.record(draft.about) if draft.about else None
    texts = (template.subject, template.text)
    check_fields(crm, record.noun if record is not None else "contact", *texts)
    names = list(dict.fromkeys(name for text in texts for name in names_in(text)))
    values = values_of(crm, Recipient(record, None, draft.to[0]), names, "")
    subject, text = (fill(one, values) for one in texts)
    return draft._replace(subject=draft.subject or subject, text=text + (f"\n\n{draft.text}" if draft.text else ""))


def _template(settings: MailboxSettings, name: str) -> Template:
    for one in settings.templates:
        if one.name == name:
            return one
    there = ", ".join(one.name for one in settings.templates)
    raise NotFound(
        _("There is no template «{name}» in config/mailbox.yaml.").format(name=name),
        _("The templates: {names}.").format(names=there or "–"),
    )


def enclosed(crm: Desk, words: tuple[str, ...]) -> list[Enclosed]:
    """Return what goes along: `quote/3` as PDF, anything else is a file; raise NotFound, InvalidValue."""
    found = [_one(crm, word) for word in words]
    size = sum(len(one.data) for one in found)
    if size > LARGEST:
        raise InvalidValue(
            _("The attachments are {size} MB: mail servers take up to {most}.").format(
                size=size // 1_000_000, most=LARGEST // 1_000_000
            ),
            _("Send a link instead."),
        )
    return found


def _one(crm: Desk, word: str) -> Enclosed:
    noun, slash, number = word.partition("/")
    if slash and noun in PAPERS and number.isdecimal():
        papers: Any = crm.collection(noun)
        paper = papers.get(number)
        return Enclosed(f"{noun}-{paper.doc.get('number') or number}.pdf".replace("/", "-"), papers.pdf(number), word)
    try:
        return Enclosed(Path(word).name, Path(word).read_bytes())
    except OSError as error:
        raise NotFound(
            _("{file} cannot be read: {why}.").format(file=word, why=error.strerror or error),
            _("Attach a file, or quote/3, invoice/4 as PDF."),
        ) from error


def composed(draft: Draft, sender: str, name: str, message_id: str, files: list[Enclosed]) -> EmailMessage:
    """Return the letter as it goes out; no value can add a header, a line end becomes a space."""
    from email.headerregistry import Address
    from email.message import EmailMessage
    from email.utils import format_datetime, localtime

    from crm.plugins.mailings.headers import LETTER
    from crm.plugins.mailings.letter import wire

    message = EmailMessage(policy=LETTER)
    message["From"] = Address(_line(name), addr_spec=wire(sender))
    message["To"] = [Address(addr_spec=wire(address)) for address in draft.to]
    message["Subject"] = _line(draft.subject)
    message["Date"] = format_datetime(localtime())
    message["Message-ID"] = message_id
    if draft.automatic:
        message["Auto-Submitted"] = "auto-generated"
    if draft.parent is not None and draft.parent.message_id:
        message["In-Reply-To"] = draft.parent.message_id
        thread = [draft.parent.thread, draft.parent.message_id]
        message["References"] = " ".join(dict.fromkeys(one for one in thread if one))
    message.set_content(draft.text, charset="utf-8", cte="quoted-printable")
    for one in files:
        kind, _encoding = mimetypes.guess_type(one.name)
        main, _slash, sub = (kind or "application/octet-stream").partition("/")
        message.add_attachment(one.data, maintype=main, subtype=sub, filename=_line(one.name))
    return message


def signed(text: str, signature: str) -> str:
    """Return a text with a signature behind the line that mail programs know."""
    return f"{text.rstrip()}\n\n-- \n{signature.strip()}\n" if signature.strip() else f"{text.rstrip()}\n"


def quoted(letter: Letter, text: str) -> str:
    """Return an answer above what is answered, each line of it behind a mark."""
    before = "\n".join(f"> {line}".rstrip() for line in letter.text.splitlines()[:200])
    return f"{text.rstrip()}\n\n{letter.sender_name or letter.sender}:\n{before}" if before else text


def note_sent(crm: Desk, files: list[Enclosed]) -> None:
    """Note on the quotes and invoices that go along that they went to the client."""
    for one in files:
        noun, _slash, number = one.paper.partition("/")
        if noun in ("quote", "invoice"):
            papers: Any = crm.collection(noun)
            try:
                papers.send(number)
            except CrmError as error:
                crm.warnings.append(str(error))


def _line(text: str) -> str:
    return " ".join(text.split())
