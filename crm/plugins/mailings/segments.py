"""The verbs of segments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm.errors import InvalidValue
from crm.locale import _
from crm.plugins.mailings.nouns import Segment
from crm.sales.collection import Collection

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from crm.model.fields import Doc
    from crm.store.draft import Draft


class Segments(Collection[Segment]):
    """All segments."""

    def complete(self, doc: Doc) -> Doc:
        """Return a new segment whose condition can be read."""
        doc = super().complete(doc)
        self._check(doc)
        return doc

    def change(self, draft: Draft, stored: Doc, fields: Doc) -> None:
        """Draft a change; the condition can still be read."""
        self._check({name: value for name, value in {**stored, **fields}.items() if value is not None})
        super().change(draft, stored, fields)

    def _check(self, doc: Doc) -> None:
        from crm.sales.filtering import parse

        if doc["kind"] == "lead" and doc.get("roles"):
            raise InvalidValue(_("Leads have no roles."), _("Take contacts or companies, or leave the roles out."))
        if doc.get("query"):
            parse(self.crm, self.crm.nouns[doc["kind"]], doc["query"])
        strange = [ref for ref in doc.get("members") or [] if not ref.startswith(f"{doc['kind']}/")]
        if strange:
            raise InvalidValue(
                _("The segment holds {noun} records, and {ref} is none.").format(noun=doc["kind"], ref=strange[0]),
                _("Make another segment with --kind."),
            )
        if not any(doc.get(name) for name in ("query", "roles", "addresses", "members")):
            raise InvalidValue(
                _("The segment «{name}» selects nothing.").format(name=doc.get("name", "")),
                _("Give a condition (--where 'id > 0' is everybody), roles, members or addresses."),
            )

    def put(self, key: int | str, refs: Iterable[str]) -> Segment:
        """Put records into a segment by hand, each once."""
        with self.crm.writing("segment put"):
            stored = self.editable(self.id_of(key))
            members = [*(stored.get("members") or []), *(self.crm.record(ref).ref for ref in refs)]
            return self.set(stored["id"], members=list(dict.fromkeys(members)))

    def drop(self, key: int | str, refs: Iterable[str]) -> Segment:
        """Take records that were put by hand out of a segment."""
        with self.crm.writing("segment drop"):
            stored = self.editable(self.id_of(key))
            gone = set(refs)
            return self.set(stored["id"], members=[ref for ref in stored.get("members") or [] if ref not in gone])

    def freeze(self, key: int | str, name: str = "") -> Segment:
        """Add a static list of those whom a segment selects now; whoever fits later is not in it."""
        from crm.plugins.mailings.audience import audience, letter_noun

        with self.crm.writing("segment freeze"):
            segment = self.get(key)
            people = [one for one in audience(self.crm, segment) if one.record is not None]
            day = self.crm.today().isoformat()
            return self.add(
                name=name or f"{segment.name} {day}",
                kind=letter_noun(segment),
                members=list(dict.fromkeys(one.record.ref for one in people if one.record is not None)),
                addresses=list(segment.addresses),
            )

    def starter(self) -> list[Segment]:
        """Add segments to begin with: those won back by a gift (G3), accountants and heads (G1); what is missing."""
        there = {segment.name for segment in self.find()}
        with self.crm.writing("segment starter"):
            return [self.add(**values) for values in _usual() if values["name"] not in there]


def _usual() -> Iterator[dict[str, Any]]:
    yield {
        "name": _("Loyal, tempted by competitors, last contact failed"),
        "kind": "company",
        "query": "classifiers.loyalty = loyal and classifiers.competitive_offers = many"
        " and classifiers.last_contact = failed",
    }
    yield {"name": _("Accountants"), "roles": ["accountant"]}
    yield {"name": _("Directors and heads"), "roles": ["director", "head"]}
