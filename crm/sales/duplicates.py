"""The matcher of duplicates (X5), for adding, intake and the whole base: phone, e-mail, tax id, company name.

What fields a merge unites is in `merging`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crm.errors import WrongUsage
from crm.locale import N_, _
from crm.model.company_name import FORMS, bare_name
from crm.model.forgotten import FORGOTTEN
from crm.model.phone import search_key
from crm.store.select import remembered

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from crm.model.fields import Doc
    from crm.model.record import Record
    from crm.sales.desk import Desk

NOUNS = ("contact", "company", "lead")
PHONE, EMAIL, NAME = "phone", "email", "name"
TAX_IDS = ("inn", "ogrn", "edrpou", "ipn", "vat_id")
"""Tax ids that mean one legal entity; its branches (another КПП) are records of their own."""
_TITLES = {PHONE: N_("phone"), EMAIL: N_("e-mail"), NAME: N_("name"), "inn": N_("ИНН"), "ogrn": N_("ОГРН")}
_TITLES |= {"edrpou": N_("ЄДРПОУ"), "ipn": N_("ІПН"), "vat_id": N_("VAT id")}
_CLOSED = ("converted", "rejected")
_WARNED = 3


class Likeness(NamedTuple):
    """What two records have in common: by what, and its value; a name is given as names are compared."""

    by: str
    value: str

    @property
    def text(self) -> str:
        """Return the likeness in a few words of the current language."""
        return f"{_(_TITLES[self.by])} {self.value}"


class Group(NamedTuple):
    """Records of one noun that seem to be one, the oldest first, and why."""

    noun: str
    ids: list[int]
    reasons: list[Likeness]

    @property
    def command(self) -> str:
        """Return the command that makes one of them."""
        return f"crm {self.noun} merge {' '.join(map(str, self.ids))}"


def known_by(noun: str, doc: Doc) -> Iterator[Likeness]:
    """Yield what a record is recognised by; a phone that could not be read is nothing to go by."""
    yield from (Likeness(PHONE, number) for number in doc.get("phones", ()) if number.startswith("+"))
    yield from (Likeness(EMAIL, address) for address in doc.get("emails", ()))
    tax_ids = doc.get("tax_ids") or {}
    yield from (Likeness(name, tax_ids[name]) for name in TAX_IDS if name in tax_ids)
    if noun == "company" and doc.get("name"):
        yield Likeness(NAME, bare_name(doc["name"]))


# --- one record ------------------------------------------------------------------------------------------------------


def alike(crm: Desk, noun: str, doc: Doc, *, extensions: bool = True) -> list[tuple[Record, Likeness]]:
    """Return the living records of a noun that a document is like, each once, with the first reason.

    Leads count while they are open. Without `extensions` everybody behind one phone is alike.
    """
    found: dict[int, tuple[Record, Likeness]] = {}
    for likeness in known_by(noun, doc):
        for record_id in _candidates(crm, noun, likeness):
            other = crm.doc(noun, record_id)
            if record_id in found or record_id == doc.get("id") or other is None or not _counts(crm, noun, other):
                continue
            if _is_shared(noun, likeness, doc, other, extensions=extensions):
                found[record_id] = (crm.collection(noun).record(other), likeness)
    return list(found.values())


def _candidates(crm: Desk, noun: str, likeness: Likeness) -> Iterable[int]:
    if likeness.by == PHONE:
        return crm.store.having(noun, "phones", search_key(likeness.value))
    if likeness.by == EMAIL:
        return crm.store.having(noun, "emails", likeness.value)
    if likeness.by == NAME:
        return [one for name in _spellings(likeness.value) for one in crm.store.having(noun, "=", name)]
    return crm.store.having(noun, "tax_ids", likeness.value)


def _spellings(name: str) -> Iterator[str]:
    """Yield a bare name as it may be kept: with each legal form before and behind it."""
    yield name
    for form in sorted(FORMS):
        yield from (f"{form} {name}", f"{name} {form}", f"{name}, {form}")


def _counts(crm: Desk, noun: str, doc: Doc) -> bool:
    if "deleted" in doc or FORGOTTEN in doc or (noun == "lead" and doc.get("stage") in _CLOSED):
        return False
    return crm.guard.may("read", noun, doc)


def _is_shared(noun: str, likeness: Likeness, doc: Doc, other: Doc, *, extensions: bool) -> bool:
    if likeness.by in TAX_IDS and _is_other_branch(doc, other):
        return False
    if likeness.by == PHONE and not extensions:
        base = likeness.value.partition(";")[0]
        return any(one.by == PHONE and one.value.partition(";")[0] == base for one in known_by(noun, other))
    return likeness in known_by(noun, other)


def _is_other_branch(doc: Doc, other: Doc) -> bool:
    kpp, its = ((one.get("tax_ids") or {}).get("kpp") for one in (doc, other))
    return bool(kpp and its and kpp != its)


def warn(crm: Desk, record: Record) -> None:
    """Warn that a record that is being added seems to be there already."""
    for other, likeness in alike(crm, record.noun, record.doc)[:_WARNED]:
        group = Group(record.noun, [other.id, record.id], [likeness])
        crm.warnings.append(
            _("{ref} {label} is there already with the same {what}; to make one of them: {command}").format(
                ref=other.ref, label=other.label, what=likeness.text, command=group.command
            )
        )


# --- the whole base --------------------------------------------------------------------------------------------------


def duplicates(crm: Desk, noun: str) -> list[Group]:
    """Return the groups of a noun's living records that seem to be one; memory follows the duplicates, not the base."""
    if noun not in NOUNS:
        raise WrongUsage(
            _("Duplicates of {noun} are not looked for.").format(noun=noun),
            _("Choose one of: {names}.").format(names=", ".join(NOUNS)),
        )
    groups = _Groups(noun)
    for ids in _suspects(crm, noun):
        for likeness, members in _shared(crm, noun, ids).items():
            for one in members[1:]:
                groups.join(members[0], one, likeness)
    return groups.all()


def _suspects(crm: Desk, noun: str) -> Iterator[list[int]]:
    """Yield the ids that stand under one key, as the index groups them."""
    db = crm.store.index.db
    db.create_function("bare_name", 1, bare_name, deterministic=True)
    fields = [("phones", "value"), ("emails", "value"), ("tax_ids", "value")]
    for field, key in [*fields, ("=", "bare_name(value)")] if noun == "company" else fields:
        sql = (
            "SELECT group_concat(id) FROM key WHERE kind = ? AND field = ?"
            f" GROUP BY {key} HAVING count(DISTINCT id) > 1"
        )
        for (ids,) in remembered(crm.store.index, sql, [noun, field]):
            yield sorted({int(one) for one in ids.split(",")})


def _shared(crm: Desk, noun: str, ids: list[int]) -> dict[Likeness, list[int]]:
    """Return what records have in common, each with those that have it."""
    found: dict[Likeness, list[Doc]] = {}
    for record_id in ids:
        doc = crm.doc(noun, record_id)
        if doc is not None and _counts(crm, noun, doc):
            for likeness in dict.fromkeys(known_by(noun, doc)):
                found.setdefault(likeness, []).append(doc)
    return {
        likeness: [doc["id"] for doc in branch]
        for likeness, docs in found.items()
        for branch in (_branches(docs) if likeness.by in TAX_IDS else [docs])
        if len(branch) > 1
    }


def _branches(docs: list[Doc]) -> list[list[Doc]]:
    """Share records of one legal entity by КПП; those without one go with the first that has one."""
    branches: dict[str, list[Doc]] = {}
    for doc in docs:
        branches.setdefault((doc.get("tax_ids") or {}).get("kpp", ""), []).append(doc)
    without = branches.pop("", [])
    first, *others = list(branches.values()) or [[]]
    return [[*first, *without], *others]


class _Groups:
    """Pairs of records united into groups."""

    def __init__(self, noun: str) -> None:
        self.noun = noun
        self._above: dict[int, int] = {}
        self._reasons: list[tuple[int, Likeness]] = []

    def join(self, one: int, other: int, likeness: Likeness) -> None:
        """Note that two records have something in common."""
        first, second = sorted((self._top(one), self._top(other)))
        self._above[second] = first
        self._reasons.append((one, likeness))

    def _top(self, one: int) -> int:
        self._above.setdefault(one, one)
        while self._above[one] != one:
            self._above[one] = one = self._above[self._above[one]]
        return one

    def all(self) -> list[Group]:
        """Return the groups, that of the oldest record first."""
        members: dict[int, list[int]] = {}
        for one in sorted(self._above):
            members.setdefault(self._top(one), []).append(one)
        reasons: dict[int, dict[Likeness, None]] = {}
        for one, likeness in self._reasons:
            reasons.setdefault(self._top(one), {})[likeness] = None
        return [Group(self.noun, ids, list(reasons[top])) for top, ids in members.items()]
