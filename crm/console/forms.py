"""Forms of records: a new one of any noun, an old one whole or field by field, and what two people changed at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from crm.console.controls import Controls, control
from crm.console.quick import add_deal, add_quickly, quick_words
from crm.console.routes import action, page
from crm.console.visit import Done, View
from crm.errors import CrmError, InvalidValue, NotFound, Refused, WrongUsage
from crm.locale import _
from crm.model.field_parts import Items, Parts
from crm.sales import goods
from crm.store import history

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crm.console.controls import Typed
    from crm.console.visit import Answer, Context, Visit
    from crm.model.fields import Doc
    from crm.model.record import Record
    from crm.sales.noun import Noun


def noun_called(visit: Visit, kind: str) -> Noun:
    """Return the noun of an address; raise NotFound."""
    if kind not in visit.crm.nouns:
        raise NotFound(_("There is no noun «{noun}».").format(noun=kind), _("Look in the menu."))
    return visit.crm.nouns[kind]


class Entry:
    """What one form says: typed words by control, and what is wrong with some of them."""

    def __init__(self, visit: Visit, noun: Noun, doc: Doc) -> None:
        self.visit = visit
        self.noun = noun
        self.doc = doc
        self.controls = Controls(visit.shown, noun)
        self.typed: dict[str, Typed] = {}
        self.errors: dict[str, str] = {}
        self.conflicts: dict[str, Context] = {}

    def read(self, names: Iterable[str]) -> None:
        """Take the words of the posted form."""
        self.typed = {name: self.controls.given(self.visit.form, name) for name in names}

    def value(self, name: str) -> Any:
        """Return what a control gives to the verbs; what does not fit is noted and gives None."""
        value = None
        try:
            value = self.controls.value(name, self.typed[name], self.doc)
            self._check(name, value)
        except CrmError as error:
            self.errors[name] = str(error)
        return value

    def _check(self, name: str, value: Any) -> None:
        crm = self.visit.crm
        if isinstance(self.noun.fields.get(name), Items):
            if value:
                goods.lines(crm, value)
        else:
            self.noun.read({name: value}, crm.customs, stored=self.doc)

    @property
    def status(self) -> int:
        """Return the HTTP status of what the form could not do."""
        return 422 if self.errors else 409 if self.conflicts else 200

    def groups(self, names: Iterable[str]) -> list[Context]:
        """Return the controls in groups: the plain ones, each field with parts, those that the workspace added."""
        grouped: dict[str, list[Context]] = {}
        for name in names:
            field, part = self.noun.field(name)
            own = field.name in self.noun.custom
            title = field.label if part and isinstance(field, Parts) else _("Own fields") if own else ""
            grouped.setdefault(title, []).append(self._control(name))
        return [{"title": title, "hint": "", "fields": fields} for title, fields in grouped.items()]

    def _control(self, name: str) -> Context:
        made = self.controls.make(name, self.doc, self.typed.get(name))
        return {**made, "error": self.errors.get(name, ""), "conflict": self.conflicts.get(name)}

    def failures(self) -> list[Context]:
        """Return why the form was not saved, a line for each control."""
        wrong = [(name, text) for name, text in self.errors.items()]
        wrong += [(name, _("it was changed while you were editing")) for name in self.conflicts]
        return [{"title": self._title(name), "name": name, "text": text} for name, text in wrong]

    def _title(self, name: str) -> str:
        return str(self.controls.make(name, {})["title"]) if name in self.typed else ""


# --- a new record -----------------------------------------------------------------------------------------------------


@page("/<kind:re:[a-z_]+>/add")
def new(visit: Visit, kind: str) -> View:
    """Show the form of a new record; the address may bring words for some of the controls."""
    noun = noun_called(visit, kind)
    visit.crm.guard.check("create", kind, None)
    entry = Entry(visit, noun, _beginning(visit, noun))
    entry.typed = {name: visit.query.get(name) for name in entry.controls.names(new=True) if name in visit.query}
    return _new_form(visit, entry)


def _beginning(visit: Visit, noun: Noun) -> Doc:
    doc: Doc = {name: field.default for name, field in noun.fields.items() if field.default is not None}
    if noun.entity.owned:
        doc["owner"] = visit.crm.actor
    if noun.name == "deal":
        pipeline = visit.crm.settings.pipeline(visit.query.get("pipeline"))
        doc |= {"pipeline": pipeline.id, "stage": pipeline.first.id}
    if noun.name == "lead":
        doc["stage"] = visit.crm.settings.leads.first.id
    return doc


def _new_form(visit: Visit, entry: Entry, client: dict[str, str] | None = None) -> View:
    noun = entry.noun
    groups = entry.groups(_of_new(entry))
    if noun.name != "deal" and {"items", "deal"} <= noun.fields.keys():
        groups[0]["hint"] = _("Goods, the client and the rest come from the deal; write here only what differs.")
    if noun.name == "deal":
        groups.insert(1, _client_group(visit, client or visit.query.without()))
    form: Context = {
        "title": new_title(noun),
        "action": visit.url.add(noun.name), "kind": noun.name, "id": "", "rev": "",
        "back": visit.back(visit.url.list(noun.name)), "submit": _("Save"), "hidden": [], "groups": groups,
        "failures": entry.failures(), "draft": f"{noun.name}/new",
    }  # fmt: skip
    return View("form.html", form["title"], noun.plural, {"form": form}, status=entry.status)


def _of_new(entry: Entry) -> list[str]:
    """Return the controls of a new record; the client of a deal is asked for apart, as he may be new too."""
    return [name for name in entry.controls.names(new=True) if entry.noun.name != "deal" or name not in NOT_NEW]


def new_title(noun: Noun) -> str:
    """Return what the form of a new record is called."""
    known = {"deal": _("New deal"), "lead": _("New lead")}
    return known.get(noun.name) or _("New: {noun}").format(noun=noun.entity.one())


_CLOSING = ("lost_reason", "closed")
NOT_NEW = ("company", "contacts", "lead", "lost_reason", "closed", "probability")


def _client_group(visit: Visit, said: dict[str, str]) -> Context:
    suggest = visit.url.suggest
    return {
        "title": _("Client"),
        "hint": _("A client who is known is found by the first letters; a new one is added together with the deal."),
        "fields": [
            control("company", _("Company"), value=said.get("company", ""), suggest=suggest("company")),
            control("contact", _("Contact"), value=said.get("contact", ""), suggest=suggest("contact")),
            control("phone", _("Phone"), "phone", said.get("phone", "")),
            control("email", _("E-mail"), "email", said.get("email", "")),
        ],
    }


@action("/<kind:re:[a-z_]+>/add")
def add(visit: Visit, kind: str) -> Answer:
    """Add a record: of the whole form, of a quick entry on the board, or an activity planned on a card."""
    noun = noun_called(visit, kind)
    if visit.form.get("quick"):
        return _add_quickly(visit, noun)
    entry = Entry(visit, noun, {})
    entry.read(name for name in _of_new(entry) if name in visit.form)
    values = {name: value for name in entry.typed if (value := entry.value(name)) not in ("", [])}
    client = {name: visit.form.get(name).strip() for name in ("company", "contact", "phone", "email")}
    if not entry.errors:
        made_or_none = _added(visit, entry, values, client)
        if made_or_none is not None:
            text = _("Added: {title}").format(title=visit.shown.called(made_or_none))
            planned = kind == "activity" and "back" in visit.form and "about" in visit.form
            return Done(text, "" if planned else visit.url.card(kind, made_or_none.id))
    return _new_form(visit, entry, client)


def _add_quickly(visit: Visit, noun: Noun) -> Answer:
    """Add what a quick entry says; without script the whole form goes on with what was typed and did not fit."""
    try:
        made = add_quickly(visit.crm, noun.name, visit.form)
    except (InvalidValue, WrongUsage) as error:
        if visit.scripted:
            raise
        entry = Entry(visit, noun, _beginning(visit, noun) | {"stage": visit.form.get("stage")})
        typed, client = quick_words(noun.name, visit.form)
        entry.typed |= typed
        for name in typed:
            entry.value(name)
        entry.errors = entry.errors or {"": str(error)}
        return _new_form(visit, entry, client)
    return Done(_("Added: {title}").format(title=made.label))


def _added(visit: Visit, entry: Entry, values: dict[str, Any], client: dict[str, str]) -> Record | None:
    """Add the record; what cannot be is noted in the form, and nothing is added."""
    try:
        with visit.crm.transaction(f"{entry.noun.name} add"):
            if entry.noun.name == "deal":
                return add_deal(visit.crm, values, client)
            made: Record = visit.crm.collection(entry.noun.name).add(**values)
            return made
    except (InvalidValue, NotFound, Refused) as error:
        missing = [name for name, field in entry.noun.fields.items() if field.required and not entry.typed.get(name)]
        entry.errors[missing[0] if missing else ""] = str(error)
        return None


# --- an old record ----------------------------------------------------------------------------------------------------


@page("/<kind:re:[a-z_]+>/<id:int>/edit")
def edit(visit: Visit, kind: str, id: int) -> View:
    """Show the whole form of a record."""
    noun = noun_called(visit, kind)
    record = visit.crm.collection(kind).get(id)
    visit.crm.guard.check("edit", kind, record.doc)
    entry = Entry(visit, noun, record.doc)
    return _old_form(visit, entry, _written(entry))


def _old_form(visit: Visit, entry: Entry, names: list[str]) -> View:
    noun, doc = entry.noun, entry.doc
    record = visit.crm.collection(noun.name).record(doc)
    only = visit.form.get("only")
    form: Context = {
        "title": visit.shown.called(record), "action": visit.url.edit(noun.name, record.id), "kind": noun.name,
        "id": record.id, "rev": record.rev, "submit": _("Save"),
        "back": visit.back(visit.url.card(noun.name, record.id)),
        "hidden": [{"name": "only", "value": only}] if only else [], "groups": entry.groups(names),
        "failures": entry.failures(), "draft": "" if entry.typed else record.ref,
    }  # fmt: skip
    return View("form.html", visit.shown.called(record), noun.plural, {"form": form}, status=entry.status)


@action("/<kind:re:[a-z_]+>/<id:int>/edit")
def save(visit: Visit, kind: str, id: int) -> Answer:
    """Save what a form changed; a field that someone else has changed meanwhile is asked about."""
    noun = noun_called(visit, kind)
    records = visit.crm.collection(kind)
    with visit.crm.writing(f"{kind} set"):
        entry = Entry(visit, noun, records.editable(id))
        names = _posted(visit, entry)
        entry.read(names)
        values = {name: entry.value(name) for name in _changed(visit, entry, names)}
        entry.typed |= {name: text for name, text in _theirs(visit, entry).items() if name in entry.typed}
        if entry.errors or entry.conflicts:
            return _old_form(visit, entry, names)
        saved = records.set(id, **values) if values else records.get(id)
    return Done(_("Saved: {title}").format(title=visit.shown.called(saved)), visit.back(visit.url.card(kind, id)))


def _written(entry: Entry) -> list[str]:
    """Return the controls of the whole form; what closes a deal is there once it is closed."""
    return [name for name in entry.controls.names() if name not in _CLOSING or entry.doc.get("outcome")]


def _posted(visit: Visit, entry: Entry) -> list[str]:
    """Return the controls that a form had: one of them, or all."""
    only = visit.form.get("only")
    if not only:
        return _written(entry)
    if only not in set(entry.controls.names()):
        raise Refused(_("«{field}» is not written by hand.").format(field=only))
    return [only]


def _changed(visit: Visit, entry: Entry, names: list[str]) -> list[str]:
    """Return the controls that the person changed, without those left as they are saved; note the conflicts."""
    rev = visit.form.number("rev")
    old = _old_values(visit, entry, rev)
    base = {name: value for name, value in {**entry.doc, **old}.items() if value is not None}
    wished = []
    for name in names:
        kept = visit.form.get(f"keep.{name}")
        typed, field = entry.typed[name], entry.noun.field(name)[0].name
        if kept == "theirs" or typed == entry.controls.typed(name, entry.doc):
            continue
        if kept != "mine" and typed == entry.controls.typed(name, base):
            continue
        if field in old and kept != "mine":
            entry.conflicts[name] = _conflict(visit, entry, name, field)
        wished.append(name)
    return wished


def _old_values(visit: Visit, entry: Entry, rev: int | None) -> Doc:
    if rev is None or rev >= entry.doc["rev"]:
        return {}
    return history.changed_since(visit.crm.store, entry.noun.name, entry.doc["id"], rev)


def _theirs(visit: Visit, entry: Entry) -> dict[str, Typed]:
    """Return what to show in controls that the person did not touch or gave up: what is saved now."""
    shown: dict[str, Typed] = {}
    for name in entry.typed:
        if visit.form.get(f"keep.{name}") == "theirs":
            shown[name] = entry.controls.typed(name, entry.doc)
    return shown


class _Meeting(NamedTuple):
    who: str
    time: str


def _conflict(visit: Visit, entry: Entry, name: str, field: str) -> Context:
    meeting = _last_change(visit, entry, field)
    person = visit.shown.person(meeting.who)
    part = entry.noun.field(name)[1]
    stored = entry.doc.get(field)
    theirs = str((stored or {}).get(part, "")) if part else visit.shown.text(entry.noun.fields[field], stored)
    from datetime import datetime

    when = visit.shown.clock.moment(datetime.fromisoformat(meeting.time))
    return {"theirs": theirs, "who": person["name"] if person else meeting.who, "when": when}


def _last_change(visit: Visit, entry: Entry, field: str) -> _Meeting:
    ref = (entry.noun.name, entry.doc["id"])
    for line in history.lines(visit.crm.store, history.Asked(ref=ref, limit=50)):
        for change in line.changes:
            touched = (change.before or {}).keys() | (change.after or {}).keys()
            if (change.kind, change.id) == ref and field in touched:
                return _Meeting(line.actor, line.time)
    return _Meeting("", entry.doc["updated"])
