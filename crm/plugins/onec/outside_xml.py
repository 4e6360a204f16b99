"""XML that comes from outside: unpacked and parsed so that nobody can make us read other files or drown in text."""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING

from crm.errors import CrmError, InvalidValue
from crm.locale import _

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

LARGEST = 104_857_600
_LARGEST_RATIO = 200
_ROOT = "КоммерческаяИнформация"
_OLD = ("Идентификатор", "ХозОперация", "Номер")
"""Attributes that only CommerceML 1 has where 2 has elements."""


class Unfinished(CrmError):
    """A message whose end has not come yet."""

    exit_code = 4
    status = 422

    def __init__(self) -> None:
        super().__init__(_("The file breaks off before its end."), _("Send it again, whole."))


def read_message(data: bytes, largest: int = LARGEST) -> Element:
    """Return the root of a CommerceML 2 message, packed or not; entities, DTDs and the network are off.

    Raises Unfinished when its end is missing, InvalidValue for anything else that is not a message we know.
    """
    root = _parse(unpack(data, largest))
    if local(root) != _ROOT:
        raise InvalidValue(
            _("This is not CommerceML: the root is «{name}».").format(name=local(root)[:60]),
            _("A file of an exchange with 1C begins with КоммерческаяИнформация."),
        )
    _refuse_old(root)
    return root


def unpack(data: bytes, largest: int = LARGEST) -> bytes:
    """Return XML as it is, or the only file of a zip; raise InvalidValue for one that is too large or a bomb."""
    if len(data) > largest:
        raise InvalidValue(_("The file has more than {n} bytes.").format(n=largest), _("See file_limit in onec.yaml."))
    if not data.startswith(b"PK"):
        return data
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _only_file(archive, largest)
    except zipfile.BadZipFile as error:
        raise (Unfinished() if b"PK\x05\x06" not in data else _bad_zip()) from error
    except (RuntimeError, NotImplementedError, EOFError, OSError, ValueError) as error:
        raise _bad_zip() from error


def _bad_zip() -> InvalidValue:
    return InvalidValue(_("The zip cannot be unpacked."), _("Pack one XML file, without a password."))


def _only_file(archive: zipfile.ZipFile, largest: int) -> bytes:
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    if len(entries) != 1:
        raise InvalidValue(_("The zip holds {n} files.").format(n=len(entries)), _("Pack one XML file."))
    [entry] = entries
    if entry.file_size > largest or entry.file_size > _LARGEST_RATIO * max(entry.compress_size, 1024):
        raise InvalidValue(_("The zip unpacks to too much."), _("Send the XML as it is."))
    with archive.open(entry) as file:
        found = file.read(largest + 1)
    if len(found) > largest:
        raise InvalidValue(_("The zip unpacks to too much."), _("Send the XML as it is."))
    return found


def _parse(data: bytes) -> Element:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    text = data.lstrip(b" \t\r\n") if data[:1].isspace() else data
    if not text:
        raise Unfinished
    try:
        parser.feed(text)
    except etree.XMLSyntaxError as error:
        raise _broken(error) from error
    try:
        root = parser.close()
    except etree.XMLSyntaxError as error:
        raise Unfinished from error
    if root.getroottree().docinfo.doctype:  # type: ignore[attr-defined]
        raise InvalidValue(_("The XML has a DOCTYPE."), _("Exchange with 1C needs none; nothing of it was read."))
    return root


def _broken(error: Exception) -> InvalidValue:
    line = getattr(error, "lineno", 0) or 0
    why = re.sub(r", line \d+, column \d+.*", "", str(error))[:120]
    return InvalidValue(
        _("The XML is broken in line {line}: {why}.").format(line=line, why=why), _("Nothing of it was read.")
    )


def _refuse_old(root: Element) -> None:
    version = root.get("ВерсияСхемы", "")
    if version.startswith("1.") or any(name in child.attrib for child in elements(root) for name in _OLD):
        raise InvalidValue(
            _("This is CommerceML 1, of before 2006."),
            _("Let 1C write CommerceML 2: version 2.04 or newer in the settings of its exchange."),
        )


def local(node: Element) -> str:
    """Return the name of an element without its namespace; empty for a comment."""
    tag = node.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def elements(node: Element, *names: str) -> list[Element]:
    """Return the children of an element, those with one of the local names."""
    return [child for child in node if isinstance(child.tag, str) and (not names or local(child) in names)]


def text(node: Element, name: str) -> str:
    """Return the text of the first child of a local name, spaces around it cut off."""
    return next(((child.text or "").strip() for child in elements(node, name)), "")
