"""Dictionaries: what can be chosen in a field, kept in records by id and shown by title.

The words themselves are in `config/dictionaries.yaml`.
"""

from __future__ import annotations

from crm.errors import InvalidValue
from crm.locale import _
from crm.model.pipeline import Title
from crm.model.shape import Shape


class Entry(Shape):
    """One choice: the id that records keep and the title that people read."""

    id: str
    title: Title


class Dictionary(Shape):
    """Choices in their order; an open dictionary takes any other text as well."""

    entries: tuple[Entry, ...] = ()
    open: bool = False

    def get(self, entry_id: str) -> Entry | None:
        """Return the entry with this very id, or None."""
        return next((entry for entry in self.entries if entry.id == entry_id), None)

    def resolve(self, text: str) -> str:
        """Return the id that `text` (an id, or a title in any language) names.

        An open dictionary keeps unknown text as it is; a closed one raises InvalidValue with the choices.
        """
        words = text.strip()
        wanted = words.casefold()
        for entry in self.entries:
            if entry.id.casefold() == wanted:
                return entry.id
        for entry in self.entries:
            if entry.title.names(words):
                return entry.id
        if self.open and words:
            return words
        raise InvalidValue(
            _("«{text}» is not one of the choices.").format(text=words),
            _("Choices: {choices}.").format(choices=", ".join(self.choices())),
        )

    def title(self, entry_id: str, language: str | None = None) -> str:
        """Return the title of an id in `language` (the current one if None); free text is its own title."""
        entry = self.get(entry_id)
        return entry.title.text(language) if entry else entry_id

    def choices(self) -> list[str]:
        """Return the choices for people, `id (title)` each."""
        return [f"{entry.id} ({entry.title.text()})" for entry in self.entries]


class Direction(Entry):
    """What a deal is about; `documents` are the kinds of papers that close it."""

    documents: tuple[str, ...] = ()


class Directions(Dictionary):
    """Directions of deals."""

    entries: tuple[Direction, ...] = ()

    def documents(self, direction: str) -> tuple[str, ...]:
        """Return the kinds of papers of a direction, none for an unknown one."""
        return next((entry.documents for entry in self.entries if entry.id == direction), ())


class Classifier(Entry):
    """A property of a client with its values, such as loyalty."""

    values: tuple[Entry, ...] = ()

    @property
    def choice(self) -> Dictionary:
        """Return the values as a closed dictionary."""
        return Dictionary(entries=self.values)


class Classifiers(Dictionary):
    """Classifiers of a client."""

    entries: tuple[Classifier, ...] = ()

    def of(self, classifier: str) -> Classifier:
        """Return the classifier named by id or title; raises InvalidValue."""
        wanted = self.resolve(classifier)
        return next(entry for entry in self.entries if entry.id == wanted)


class ActivityKind(Entry):
    """A kind of activity; a directed one is incoming or outgoing."""

    directed: bool = False


class ActivityKinds(Dictionary):
    """Kinds of activity."""

    entries: tuple[ActivityKind, ...] = ()

    def directed(self, kind: str) -> bool:
        """Tell whether activities of this kind are incoming or outgoing."""
        return any(entry.directed for entry in self.entries if entry.id == kind)


class Unit(Entry):
    """A unit of goods with its three-digit code of ОКЕИ (ОК 015-94)."""

    code: str = ""


class Units(Dictionary):
    """Units of goods."""

    entries: tuple[Unit, ...] = ()

    def code(self, unit: str) -> str:
        """Return the three-digit code of a unit, empty for free text."""
        return next((entry.code for entry in self.entries if entry.id == unit), "")


class Dictionaries(Shape):
    """Every dictionary of the workspace, by the name of its key in the file."""

    sources: Dictionary = Dictionary(open=True)
    deal_types: Dictionary = Dictionary()
    junk_reasons: Dictionary = Dictionary(open=True)
    lost_reasons: Dictionary = Dictionary(open=True)
    directions: Directions = Directions()
    classifiers: Classifiers = Classifiers()
    contact_roles: Dictionary = Dictionary(open=True)
    activity_kinds: ActivityKinds = ActivityKinds()
    units: Units = Units(open=True)
    industries: Dictionary = Dictionary(open=True)
