"""What differs between two exchanges, document by document; the time of writing does not count."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crm.plugins.onec.outside_xml import elements, local, read_message, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element as Element

    from crm.plugins.onec.archive import Archive, Entry

NEW, GONE, CHANGED = "new", "gone", "changed"
_NAMED_BY = ("Ид", "Наименование", "Номер")


class Difference(NamedTuple):
    """One difference: the number of the document, the place in it, and the values before and after."""

    number: str
    state: str
    place: str = ""
    before: str = ""
    after: str = ""


def differences(archive: Archive, n: int, other: int | None = None) -> Iterator[Difference]:
    """Yield what exchange `n` says otherwise than exchange `other`.

    Without `other`, each document is compared with the last exchange before that had it, the same way and with the
    same base; documents that `n` does not have are not named then, since an exchange holds what has changed alone.
    """
    now = documents(archive.read(n))
    if other is not None:
        before = documents(archive.read(other))
        yield from (Difference(number, GONE) for number in before if number not in now)
    else:
        before = _last_told(archive, n, set(now))
    for number, document in now.items():
        if number in before:
            yield from _between(number, before[number], document)
        else:
            yield Difference(number, NEW, "", "", text(document, "Сумма"))


def documents(data: bytes) -> dict[str, Element]:
    """Return the documents of an exchange by their numbers; those of EnterpriseData by theirs."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    root = etree.fromstring(data, parser)
    if local(root) == "Message":
        found = [node for node in root.iter() if local(node) == "Документ.ЗаказКлиента"]
        return {_number_within(node): node for node in found}
    root = read_message(data)
    nodes = [*elements(root, "Документ"), *(d for c in elements(root, "Контейнер") for d in elements(c, "Документ"))]
    return {text(node, "Номер"): node for node in nodes}


def _number_within(node: Element) -> str:
    return next((text(keys, "Номер") for keys in elements(node, "КлючевыеСвойства")), "")


def _last_told(archive: Archive, n: int, numbers: set[str]) -> dict[str, Element]:
    entries = archive.entries()
    entry = next((one for one in entries if one.n == n), None)
    found: dict[str, Element] = {}
    for one in entries:
        missing = numbers - found.keys()
        if not missing:
            break
        if one.n < n and _is_like(one, entry) and (not one.numbers or missing & set(one.numbers)):
            told = documents(archive.read(one.n))
            found |= {number: told[number] for number in missing & told.keys()}
    return found


def _is_like(one: Entry, entry: Entry | None) -> bool:
    return entry is None or (one.way, one.by, one.form) == (entry.way, entry.by, entry.form)


def _between(number: str, before: Element, after: Element) -> Iterator[Difference]:
    old, new = dict(_leaves(before)), dict(_leaves(after))
    for place in dict.fromkeys([*old, *new]):
        if old.get(place) != new.get(place):
            yield Difference(number, CHANGED, place, old.get(place, ""), new.get(place, ""))


def _leaves(node: Element, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield every text of a document with its place; repeated elements are told apart by what names them."""
    seen: dict[str, int] = {}
    for child in elements(node):
        name = f"{path}/{local(child)}" if path else local(child)
        label = next((text(child, one) for one in _NAMED_BY if text(child, one)), "")
        seen[name] = seen.get(name, 0) + 1
        place = f"{name}[{label}]" if label else name if seen[name] == 1 else f"{name}[{seen[name]}]"
        if len(child):
            yield from _leaves(child, place)
        else:
            yield place, (child.text or "").strip()
