"""What `config/documents.yaml` holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from crm.model.shape import Shape
from crm.plugins.quotes.numbering import NumberTemplate

if TYPE_CHECKING:
    from datetime import date


class KindSettings(Shape):
    """How documents of one kind are numbered; `first` is the number that the very first gets."""

    number: NumberTemplate = NumberTemplate("{n}")
    first: int = 1


class DocumentSettings(Shape):
    """The kinds that are numbered otherwise than 1, 2, 3 …, by their names."""

    kinds: Mapping[str, KindSettings] = {}

    def of(self, kind: str) -> KindSettings:
        """Return how documents of a kind are numbered."""
        return self.kinds.get(kind) or KindSettings()


class KindTemplate(NumberTemplate):
    """A template of numbers whose series are those of one kind alone."""

    __slots__ = ("kind",)

    def __init__(self, kind: str, template: NumberTemplate) -> None:
        super().__init__(template.text)
        self.kind = kind

    def series(self, day: date) -> str:
        """Return the series of a day, under the name of the kind."""
        return f"{self.kind} {super().series(day)}"
