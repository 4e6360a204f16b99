"""What completion offers for the arguments and options of a command, found by their names.

Nothing here is loaded but when a shell asks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

import click
from click.shell_completion import CompletionItem

from crm.errors import CrmError
from crm.locale import LANGUAGES
from crm.model.field_lists import Choices, Refs
from crm.model.fields import Choice, Ref

if TYPE_CHECKING:
    from crm.cli.app import App
    from crm.model.fields import Field
    from crm.sales.noun import Noun

Row = tuple[str, str]
Rows = Callable[[str], Iterable[Row]]
MOST = 50
SHELLS = ("bash", "zsh", "fish")
_IDS = ("ids", "keep", "others", "record_id", "words")
_WORDS = {"lang": LANGUAGES, "shell": SHELLS}
_REASONS = {("lead", "reject"): "junk_reasons", ("deal", "lose"): "lost_reasons"}


def offer(app: App, command: click.Command, noun: Noun | None = None, group: str = "") -> click.Command:
    """Let a command, and those within it, offer what their parameters may be."""
    inner = command.commands if isinstance(command, click.Group) else {}
    for name in inner:
        offer(app, inner[name], noun or app.noun(command.name or ""), command.name or "")
    place = Place(app, group, command.name or "", noun)
    following: Rows | None = None
    for param in reversed(command.params):
        rows = place.rows_of(param)
        if isinstance(param, click.Argument):
            rows, following = (_either(following, rows) if param.nargs == -1 else rows), rows
        if rows is not None:
            param._custom_shell_complete = _completer(rows)
    return command


def _either(first: Rows | None, second: Rows | None) -> Rows | None:
    """Return the rows of both: after any number of ids the next argument may come, such as a stage."""
    if first is None or second is None:
        return second or first
    return lambda begun: [*first(begun), *second(begun)]


def _completer(rows: Rows) -> Callable[..., list[CompletionItem]]:
    def complete(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        try:
            found = (row for row in rows(incomplete) if row[0].startswith(incomplete))
            return [CompletionItem(name, help=title) for name, title in islice(found, MOST)]
        except CrmError:
            return []

    return complete


class Place(NamedTuple):
    """Where a parameter stands: the group, the verb, and the noun where it is one's verb."""

    app: App
    group: str
    verb: str
    noun: Noun | None

    def rows_of(self, param: click.Parameter) -> Rows | None:
        """Return what makes the rows (word, title) of a parameter, None where nothing can be offered."""
        name = (param.name or "").removesuffix("__typed")
        if self.noun is None:
            return self._by_name(name)
        if isinstance(param, click.Argument) and name in (*_IDS, f"{self.noun.name}_id"):
            return self._ids_and_edits
        if name == "reason":
            reasons = _REASONS.get((self.noun.name, self.verb))
            return (lambda _begun: _entries(self.app, reasons)) if reasons else None
        if name == "sort":
            fields = self.noun.fields
            return lambda _begun: [(one, field.label) for one, field in fields.items()]
        field = {**self.noun.fields, **self.noun.entity.linked}.get(name)
        return _of_field(self.app, field) if field is not None else self._by_name(name)

    def _ids_and_edits(self, begun: str) -> Iterable[Row]:
        noun = self.noun
        if noun is None:
            return []
        edits = [(f"{name}=", field.label) for name, field in noun.fields.items() if not field.fixed]
        return [*_ids(self.app, noun), *(edits if begun and self.verb == "set" else [])]

    def _by_name(self, name: str) -> Rows | None:
        app = self.app
        if name in ("user", "owner", "as"):
            return lambda _begun: _people(app)
        if name in ("ref", "refs"):
            return lambda begun: _refs(app, [begun.partition("/")[0]] if "/" in begun else app.present.nouns)
        if name in ("stage", "before"):
            return lambda _begun: _entries(app, "stages")
        if name == "pipeline" or (name == "name" and self.group == "pipeline"):
            return lambda _begun: _entries(app, "pipelines")
        if name in ("noun", "nouns", "into"):
            return lambda _begun: [(one.name, one.entity.many()) for one in app.present.nouns.values()]
        if name == "name" and self.verb == "report":
            return lambda _begun: [(report, "") for _plugin, (report, *_) in app.plugins.brought("register_reports")]
        if name == "name" and self.group == "plugin":
            return lambda _begun: [(plugin, "") for plugin in app.plugins.all]
        if name in _WORDS:
            return lambda _begun: [(word, "") for word in _WORDS[name]]
        return (lambda _begun: _refs(app, [name])) if _is_noun(app, name) else None


def _is_noun(app: App, name: str) -> bool:
    try:
        return name in app.present.nouns
    except CrmError:
        return False


def _of_field(app: App, field: Field[Any]) -> Rows | None:
    """Return what a field may hold: people, entries of its dictionary, records."""
    if field.name == "owner":
        return lambda _begun: _people(app)
    if isinstance(field, Choice) and not field.dictionary:
        return lambda _begun: [(one, "") for one in field.options]
    if isinstance(field, Choice | Choices):
        return lambda _begun: _entries(app, field.dictionary)
    if isinstance(field, Ref | Refs):
        return lambda _begun: _refs(app, [field.kind] if field.kind else app.present.nouns)
    return None


def _ids(app: App, noun: Noun) -> Iterable[Row]:
    for record in app.present.collection(noun.name).find(sort="-id", limit=1000):
        yield str(record.id), record.label
        if noun.name == "user":
            yield record.doc["login"], record.label


def _refs(app: App, kinds: Iterable[str]) -> Iterable[Row]:
    for kind in kinds:
        if kind in app.present.nouns:
            for record in app.present.collection(kind).find(sort="-id", limit=MOST):
                yield record.ref, record.label


def _people(app: App) -> Iterable[Row]:
    return [(user.login, user.name) for user in app.present.users.find() if user.active]


def _entries(app: App, dictionary: str) -> Iterable[Row]:
    return [(entry.id, entry.title.text()) for entry in app.present.customs.dictionary(dictionary).entries]
