"""What every part of the story has at hand: the workspace, the cast, the dice, and what is told elsewhere."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from crm.demo.cast import Cast
    from crm.demo.world import World
    from crm.model.deal import Deal


class Part:
    """A part of the story; `kept` are the records that the dice leave alone, because something tells them through."""

    def __init__(self, crm: World, cast: Cast, dice: random.Random, kept: set[str]) -> None:
        self.crm = crm
        self.cast = cast
        self.dice = dice
        self.kept = kept

    @property
    def domain(self) -> str:
        """Return the domain of the company's letters."""
        return self.cast.own["email"].partition("@")[2]

    def nouns(self, *names: str) -> bool:
        """Tell whether the plugins that bring these nouns are there."""
        return all(name in self.crm.nouns for name in names)

    def verbs(self, noun: str) -> Any:
        """Return the collection of a noun that a plugin brings."""
        return self.crm.collection(noun)

    def owner(self) -> str:
        """Return somebody of the team."""
        return self.dice.choice(self.cast.users)[0]

    def open_deals(self) -> list[Deal]:
        """Return the open deals that the dice decide about."""
        return [one for one in self.crm.deals.find(sort="id") if not one.outcome and one.ref not in self.kept]
