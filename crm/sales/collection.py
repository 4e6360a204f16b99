"""A collection: all records of one noun, with the verbs that every noun has; a noun's own are in its module."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Generic, NamedTuple, TypeVar

from crm.errors import InvalidValue, NotFound, Refused, WrongUsage
from crm.locale import _
from crm.model.fields import REF
from crm.model.record import Record
from crm.sales import seen
from crm.store import history
from crm.store.draft import missing
from crm.store.select import Selection, by_ids, count, holding, leading, select, totals

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from crm.model.fields import Doc
    from crm.sales.desk import Desk
    from crm.sales.figures import Span
    from crm.sales.noun import Noun
    from crm.store.draft import Draft
    from crm.store.journal import Line
    from crm.store.query import QueryLike
    from crm.store.terms import Term

R = TypeVar("R", bound=Record)


class Edit(NamedTuple):
    """One edit of one field: set (`=`), add (`+=`) or take away (`-=`)."""

    name: str
    op: str
    raw: object


class Group(NamedTuple):
    """A row of totals: the values of the fields it is grouped by, a currency, how many records, their sum × 10⁴."""

    by: tuple[Any, ...]
    currency: str | None
    count: int  # type: ignore[assignment]
    minor: int


class Led(NamedTuple):
    """The first records of those that have some values in common, and how many have them."""

    by: tuple[Any, ...]
    count: int  # type: ignore[assignment]
    records: list[Any]


class Collection(Generic[R]):
    """The records of one noun; every read and write of them goes through here."""

    created_event: ClassVar[str] = ""
    matched: ClassVar[bool] = False
    """Whether a new record that seems to be there already is warned of."""

    def __init__(self, crm: Desk, noun: Noun) -> None:
        self.crm = crm
        self.noun = noun

    # --- reading -----------------------------------------------------------------------------------------------------

    def id_of(self, key: int | str) -> int:
        """Return the id that `12`, `"12"` or `"deal/12"` names; raise NotFound for anything else."""
        text = str(key).strip()
        match = REF.fullmatch(text)
        if match and match[1] == self.noun.name:
            return int(match[2])
        if text.isdecimal() and len(text) <= 16 and int(text):
            return int(text)
        raise NotFound(
            _("«{key}» names no {noun}.").format(key=text, noun=self.noun.name),
            _("Give its number, such as 12, or {noun}/12.").format(noun=self.noun.name),
        )

    def get(self, key: int | str) -> R:
        """Return a record by id or reference, from the trash too; raise NotFound, or Refused where rights say so."""
        record = self.record(self.doc(self.id_of(key)))
        self.crm.guard.check("read", self.noun.name, record.doc)
        return record

    def doc(self, record_id: int) -> Doc:
        """Return a document as it stands, in the draft at hand or in the store; raise NotFound."""
        doc = self.crm.doc(self.noun.name, record_id)
        if doc is None:
            raise missing(self.noun.name, record_id)
        return doc

    def record(self, doc: Doc) -> R:
        """Return a document as a record."""
        return self.noun.entity(doc)  # type: ignore[return-value]

    def find(
        self,
        query: QueryLike | None = None,
        *,
        sort: str | Iterable[str] = "id",
        limit: int | None = None,
        offset: int = 0,
        trashed: bool | None = False,
    ) -> Iterator[R]:
        """Yield the records that a TinyDB query selects, in the order of `sort` (`-updated` is newest first)."""
        keys = (sort,) if isinstance(sort, str) else tuple(sort)
        for key in keys:
            if key.lstrip("-") not in ("id", "rev"):
                self.noun.field(key.lstrip("-"))
        selection = Selection(self._allowed(query), keys, limit, offset, trashed)
        kind = self.crm.store.kinds[self.noun.name]
        draft = self.crm.store.draft
        docs = draft.select(kind, selection) if draft else select(self.crm.store.index, kind, selection)
        return map(self.record, docs)

    def export(self, record: R) -> Doc:
        """Return a record's JSON as scripts get it; nouns add what they derive from other records."""
        return self.noun.export(record.doc)

    def card(self, record: R) -> Doc:
        """Return a record's JSON with the links of other records to it, as a contact's deals (E25)."""
        doc = self.export(record)
        for name, (field, by) in self.noun.entity.pointing.items():
            doc[name] = [one.ref for one in self.crm.collection(field.kind).having(by, record.ref)]
        return doc

    def matches(self, query: QueryLike, doc: Doc) -> bool:
        """Tell whether a query selects a document as it stands, or as it stood."""
        from crm.store.evaluation import evaluate

        return evaluate(query, self.crm.store.kinds[self.noun.name].view(doc))

    def first(self, query: QueryLike) -> R | None:
        """Return the first record that a query selects, or None."""
        return next(iter(self.find(query, limit=1)), None)

    def count(self, query: QueryLike | None = None, *, trashed: bool | None = False) -> int:
        """Return how many records a query selects."""
        kind, draft = self.crm.store.kinds[self.noun.name], self.crm.store.draft
        selection = Selection(self._allowed(query), trashed=trashed)
        return draft.count(kind, selection) if draft else count(self.crm.store.index, kind, selection)

    def totals(self, *by: str, money: str | None = None, query: QueryLike | None = None) -> list[Group]:
        """Return the number of records and the sum of `money` for each combination of the fields `by`.

        `by` are fields, or what `figures.term_of` reads: `company.industry`, `closed:month`.
        """
        from crm.sales.figures import term_of

        return self._grouped([term_of(self.crm, self.noun, name) for name in by], money, query)

    def spans(
        self, *by: str, starts: tuple[str, ...], ends: tuple[str, ...], query: QueryLike | None = None
    ) -> list[Span]:
        """Return how many records took how many days between two times, the first known of each, by the fields `by`."""
        from crm.sales.figures import Span, days_of, term_of

        terms = [term_of(self.crm, self.noun, name) for name in by]
        groups = self._grouped([*terms, days_of(self.crm, self.noun, starts, ends)], None, query)
        return [Span(group.by[:-1], group.by[-1], group.count) for group in groups]

    def leading(
        self, *by: str, limit: int, sort: str | Iterable[str] = "id", query: QueryLike | None = None
    ) -> list[Led]:
        """Return the first `limit` records of each combination of the fields `by`, and how many there are of it.

        `by` is what `totals` takes; the groups come in the order of their values.
        """
        from crm.sales.figures import term_of

        terms = tuple(term_of(self.crm, self.noun, name) for name in by)
        self._use_time_zone(terms)
        keys = (sort,) if isinstance(sort, str) else tuple(sort)
        selection = Selection(self._allowed(query), keys, limit)
        store, found = self.crm.store, dict[tuple[Any, ...], Led]()
        for values, number, doc in leading(store.index, store.kinds[self.noun.name], selection, terms):
            found.setdefault(values, Led(values, number, [])).records.append(self.record(doc))
        return list(found.values())

    def _use_time_zone(self, by: Iterable[Term]) -> None:
        if not all(isinstance(term, str) for term in by):
            from crm.store.terms import use_time_zone

            use_time_zone(self.crm.store.index, self.crm.settings.time_zone)

    def _grouped(self, by: list[Term], money: str | None, query: QueryLike | None) -> list[Group]:
        self._use_time_zone(by)
        store = self.crm.store
        kind = store.kinds[self.noun.name]
        return [Group(*row) for row in totals(store.index, kind, Selection(self._allowed(query)), tuple(by), money)]

    def having(self, field: str, value: str) -> list[R]:
        """Return the living records that hold `value` among the keys of `field` (a link, an e-mail, a tax id)."""
        return [record for record in self._by_key(field, value) if "deleted" not in record.doc]

    def many(self, ids: Iterable[int]) -> dict[int, R]:
        """Return the records with these ids that the actor may read, by id, in one query."""
        docs = by_ids(self.crm.store.index, self.crm.store.kinds[self.noun.name], ids)
        return {doc["id"]: self.record(doc) for doc in docs if self.crm.guard.may("read", self.noun.name, doc)}

    def holding(self, field: str, values: Iterable[str], query: QueryLike | None = None) -> Iterator[R]:
        """Yield the living records of a query that hold one of `values` among the keys of `field`, in one query."""
        kind = self.crm.store.kinds[self.noun.name]
        return map(self.record, holding(self.crm.store.index, kind, field, values, self._allowed(query)))

    def _by_key(self, field: str, value: str) -> Iterator[R]:
        for record_id in self.crm.store.having(self.noun.name, field, value):
            doc = self.crm.doc(self.noun.name, record_id)
            if doc is not None and self.crm.guard.may("read", self.noun.name, doc):
                yield self.record(doc)

    def _allowed(self, query: QueryLike | None) -> QueryLike | None:
        scope = self.crm.guard.scope(self.noun.name)
        if scope is None or query is None:
            return scope or query
        return scope & query  # type: ignore[operator,no-any-return]

    def history(self, key: int | str) -> Iterator[Line]:
        """Yield the change sets that touched a record, newest first."""
        record = self.get(key)
        return seen.lines(self.crm, history.Asked(ref=(self.noun.name, record.id)))

    # --- writing -----------------------------------------------------------------------------------------------------

    def add(self, **values: object) -> R:
        """Add a record; values are read as people type them or as Python has them."""
        with self.crm.writing(f"{self.noun.name} add") as draft:
            self.crm.guard.check("create", self.noun.name, None)
            added = self._create(draft, self.noun.read(self.given(values), self.crm.customs))
        if self.matched:
            from crm.sales.duplicates import warn

            warn(self.crm, added)
        return added

    def take(self, **values: object) -> Record:
        """Add what a person typed or a form sent in; what comes of it may be another noun where the settings say so."""
        return self.add(**self.of_a_person(values))

    def of_a_person(self, values: dict[str, object]) -> dict[str, object]:
        """Return what a person gave for a new record; raise NotFound for an owner who is not one of the team."""
        if values.get("owner"):
            values = {**values, "owner": self.crm.person(str(values["owner"]))}
        return values

    def _create(self, draft: Draft, fields: Doc) -> R:
        doc = self.complete({name: value for name, value in fields.items() if value is not None})
        self._require(doc)
        doc = self.begin(doc, doc.get("created") or draft.time)
        record = self.record(draft.create(self.noun.name, self._in_order(doc)))
        if self.created_event:
            draft.emit(self.created_event, record.ref)
        self.after_add(draft, record)
        return self.record(self.doc(record.id))

    def _in_order(self, doc: Doc) -> Doc:
        known = {name: doc[name] for name in self.noun.fields if name in doc}
        return known if len(known) == len(doc) else {**known, **doc}

    def _require(self, doc: Doc) -> None:
        for name in self.noun.required:
            if doc.get(name) in (None, "", []):
                raise InvalidValue(
                    _("{noun}: «{field}» is needed.").format(noun=self.noun.name, field=name), _("Give it a value.")
                )

    def given(self, values: dict[str, object]) -> dict[str, object]:
        """Return the values of a new record as this noun wants to read them; nouns override it."""
        return values

    def complete(self, doc: Doc) -> Doc:
        """Return a new document with its defaults; nouns override it and call this."""
        doc = {**self.noun.defaults, **self._extra_defaults(doc), **doc}
        if self.noun.entity.owned and not doc.get("owner"):
            doc["owner"] = self.default_owner(doc)
        return doc

    def _extra_defaults(self, doc: Doc) -> Doc:
        """Return the defaults of the workspace's own fields, read as their types read what is typed."""
        given: Doc = {}
        for name, field in self.noun.custom.items():
            if field.default is not None and name not in doc:
                given |= field.read(field.default, self.crm.customs)
        return given

    def begin(self, doc: Doc, since: str) -> Doc:
        """Return a new document with what is counted from its beginning; nouns override it."""
        return doc

    def default_owner(self, doc: Doc) -> str:
        """Return who owns a new record for which nobody was named: its author."""
        return self.crm.actor

    def after_add(self, draft: Draft, record: R) -> None:
        """Do what adding a record of this noun brings with it; nouns override it."""

    def add_historic(self, draft: Draft, fields: Doc) -> R:
        """Add a record of the past (an import); its JSON values may be such as else only the program writes."""
        self.crm.guard.check("create", self.noun.name, None)
        return self._create(draft, self.given(fields))

    def change_historic(self, draft: Draft, stored: Doc, fields: Doc) -> None:
        """Change a record as an import says, its past too; nouns override it."""
        self.crm.guard.check("edit", self.noun.name, stored)
        known = self.noun.fields
        past = {name: value for name, value in fields.items() if name not in known or known[name].fixed}
        rest = {name: value for name, value in fields.items() if name not in past}
        if rest:
            self.change(draft, stored, rest)
        draft.update(self.noun.name, stored["id"], past)

    def set(self, key: int | str, *edits: Edit, rev: int | None = None, **values: object) -> R:
        """Change fields of a record; with `rev`, refuse a field that someone changed since that revision (Conflict)."""
        record_id = self.id_of(key)
        with self.crm.writing(f"{self.noun.name} set") as draft:
            stored = self.editable(record_id)
            fields = self._edited(stored, [*edits, *(Edit(name, "=", raw) for name, raw in values.items())])
            if rev is not None:
                from crm.sales.staleness import refuse_stale

                refuse_stale(self.crm, self.noun.name, stored, rev, fields)
            self.change(draft, stored, fields)
            return self.record(self.doc(record_id))

    def editable(self, record_id: int) -> Doc:
        """Return a document that may be edited now: rights, and not in the trash."""
        stored = self.doc(record_id)
        self.crm.guard.check("edit", self.noun.name, stored)
        if "deleted" in stored:
            raise Refused(
                _("{ref} is in the trash.").format(ref=f"{self.noun.name}/{record_id}"),
                _("Restore it first: crm {noun} restore {id}.").format(noun=self.noun.name, id=record_id),
            )
        return stored

    def _edited(self, stored: Doc, edits: list[Edit]) -> Doc:
        fields: Doc = {}
        for edit in edits:
            if edit.name == "owner" and edit.raw:
                edit = edit._replace(raw=self.crm.person(str(edit.raw)))
            field, part = self.noun.field(edit.name)
            if field.fixed:
                raise Refused(
                    _("«{field}» is not written by hand.").format(field=edit.name), self.fixed_remedy(field.name)
                )
            current = fields.get(field.name, stored.get(field.name))
            if edit.op == "=" or part:
                fields.update(self.noun.read({edit.name: edit.raw}, self.crm.customs, stored={field.name: current}))
            else:
                verb = field.add if edit.op == "+=" else field.subtract
                fields.update(verb(current, edit.raw, self.crm.customs))
        return fields

    def fixed_remedy(self, name: str) -> str:
        """Return what to do instead of writing a field that the program keeps."""
        return _("The verbs of {noun} set it; see crm {noun} --help.").format(noun=self.noun.name)

    def change(self, draft: Draft, stored: Doc, fields: Doc) -> None:
        """Draft the change of a record; nouns override it where a field means more than its value."""
        self._require({**stored, **fields})
        draft.update(self.noun.name, stored["id"], fields)

    def _ref(self, doc: Doc) -> str:
        return f"{self.noun.name}/{doc['id']}"

    def assign(self, key: int | str, owner: str) -> R:
        """Give a record to another owner."""
        with self.crm.writing(f"{self.noun.name} assign"):
            return self.set(key, owner=self.crm.person(owner))

    def delete(self, key: int | str) -> R:
        """Put a record into the trash, where it stays for 30 days; only who may delete."""
        record_id = self.id_of(key)
        with self.crm.writing(f"{self.noun.name} delete") as draft:
            stored = self.doc(record_id)
            self.crm.guard.check("delete", self.noun.name, stored)
            if "deleted" not in stored:
                draft.update(self.noun.name, record_id, {"deleted": draft.time})
            return self.record(self.doc(record_id))

    def restore(self, key: int | str) -> R:
        """Take a record out of the trash."""
        record_id = self.id_of(key)
        with self.crm.writing(f"{self.noun.name} restore") as draft:
            stored = self.doc(record_id)
            self.crm.guard.check("delete", self.noun.name, stored)
            if "deleted" not in stored:
                raise WrongUsage(_("{ref} is not in the trash.").format(ref=self._ref(stored)))
            return self.record(draft.update(self.noun.name, record_id, {"deleted": None}))
