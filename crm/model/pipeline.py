"""A pipeline, its stages and their goals, and the path of a lead: what follows what.

How they are written down is `config/pipelines.yaml`; moving a deal is a verb of `crm/sales/`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

from crm.errors import InvalidValue
from crm.locale import LANGUAGES, N_, _
from crm.locale import language as current_language
from crm.model.shape import Shape

EVERY = ""  # key of a title that is the same in all languages


class Title:
    """A title in several languages, or one for all of them."""

    __slots__ = ("words",)

    def __init__(self, words: Mapping[str, str] | str) -> None:
        self.words: Mapping[str, str] = {EVERY: words} if isinstance(words, str) else words

    @classmethod
    def from_plain(cls, data: object) -> Title:
        """Read a string, or a mapping of languages to strings; raises ValueError."""
        if isinstance(data, str | int) and not isinstance(data, bool):
            return cls(str(data))
        if not isinstance(data, Mapping) or not data:
            raise ValueError(_("A title is expected, or titles by language: {ru: …, uk: …, en: …}."))
        for code, words in data.items():
            if code not in LANGUAGES:
                raise ValueError(
                    _("Unknown language {code}. Known: {codes}.").format(code=code, codes=", ".join(LANGUAGES))
                )
            if not isinstance(words, str | int) or isinstance(words, bool):
                raise ValueError(_("The title in {code} is not text.").format(code=code))
        return cls({code: str(words) for code, words in data.items()})

    def text(self, language: str | None = None) -> str:
        """Return the title in `language` (the current one if None), else in English, else in any."""
        words = self.words
        for code in (language or current_language(), EVERY, "en"):
            if words.get(code):
                return words[code]
        return next(iter(words.values()), "")

    def names(self, text: str) -> bool:
        """Tell whether `text` is this title in some language, whatever the case."""
        wanted = text.strip().casefold()
        return any(words.casefold() == wanted for words in self.words.values())

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        return f"Title({self.words!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Title) and dict(self.words) == dict(other.words)

    def __hash__(self) -> int:
        return hash(frozenset(self.words.items()))


GoalEvent = Literal[
    "quote_sent",
    "quote_accepted",
    "invoice_issued",
    "payment_received",
    "invoice_paid",
    "activity_done",
    "letter_received",
    "call_missed",
    "ticked",
]


class Goal(Shape):
    """What, once reached, moves a deal on by itself; `on` is a hook's name without `on_`, or `ticked`.

    `kind` narrows `activity_done` to one kind of activity; `set` maps classifiers to their new values.
    """

    on: GoalEvent
    id: str = ""
    title: Title = Title("")
    kind: str = ""
    to: str = ""
    set: Mapping[str, str] = {}

    @property
    def key(self) -> str:
        """Return what names the goal within its stage: its id, else its event."""
        return self.id or self.on


class Stage(Shape):
    """A stage: probability in percent, norm in days (None: no norm), colour as #rrggbb."""

    id: str
    title: Title
    probability: int = 0
    color: str = ""
    norm_days: int | None = None
    goals: tuple[Goal, ...] = ()

    def goals_on(self, event: str, kind: str = "") -> tuple[Goal, ...]:
        """Return the goals that `event` (with the activity's kind) reaches."""
        return tuple(goal for goal in self.goals if goal.on == event and goal.kind in ("", kind))


class Ladder(Shape):
    """Stages in their order, found by id or by title."""

    id: str
    title: Title
    stages: tuple[Stage, ...]

    @property
    def first(self) -> Stage:
        """Return the stage that a new record starts on."""
        return self.stages[0]

    def get(self, stage_id: str) -> Stage | None:
        """Return the stage with this very id, or None."""
        return next((stage for stage in self.stages if stage.id == stage_id), None)

    def stage(self, text: str) -> Stage:
        """Return the stage named by its id or by its title in any language; raises InvalidValue."""
        wanted = text.strip().casefold()
        for stage in self.stages:
            if stage.id == wanted:
                return stage
        for stage in self.stages:
            if stage.title.names(text):
                return stage
        raise InvalidValue(
            _("There is no stage «{stage}» in «{ladder}».").format(stage=text, ladder=self.title.text()),
            _("Stages: {stages}.").format(
                stages=", ".join(f"{stage.id} ({stage.title.text()})" for stage in self.stages)
            ),
        )

    def index(self, stage: Stage | str) -> int:
        """Return the place of a stage, 0 for the first; raises InvalidValue."""
        return self.stages.index(self.stage(stage) if isinstance(stage, str) else stage)

    def next_after(self, stage: Stage | str) -> Stage | None:
        """Return the stage that follows, None after the last; raises InvalidValue."""
        place = self.index(stage) + 1
        return self.stages[place] if place < len(self.stages) else None


class Pipeline(Ladder):
    """A pipeline of deals.

    `auto_create` lists the sources whose requests become deals here at once, "*" meaning all of them.
    `funnel_starts_at` is lead, deal or a stage; `cycle_starts_at` also activity; `cycle_ends_at` is payment,
    shipment, won or a stage.
    """

    titles: ClassVar[Mapping[str, str]] = {
        "title": N_("Title"),
        "default_owner": N_("Owner of deals made by themselves"),
        "auto_create": N_("Sources whose requests become deals at once"),
        "funnel_starts_at": N_("Funnel begins at: lead, deal or a stage"),
        "cycle_starts_at": N_("Cycle begins at: lead, activity, deal or a stage"),
        "cycle_ends_at": N_("Cycle ends at: payment, shipment, won or a stage"),
        "won": N_("Won is called"),
        "lost": N_("Lost is called"),
    }
    chosen: ClassVar[Mapping[str, str]] = {"default_owner": "people", "auto_create": "sources"}

    default_owner: str = ""
    auto_create: tuple[str, ...] = ()
    funnel_starts_at: str = "lead"
    cycle_starts_at: str = "lead"
    cycle_ends_at: str = "payment"
    won: Title = Title({"ru": "Успешная сделка", "uk": "Успішна угода", "en": "Won"})
    lost: Title = Title({"ru": "Неуспешная сделка", "uk": "Неуспішна угода", "en": "Lost"})

    def creates_from(self, source: str) -> bool:
        """Tell whether a request from `source` becomes a deal here at once."""
        return "*" in self.auto_create or source in self.auto_create

    def after(self, stage: Stage, goal: Goal) -> Stage | None:
        """Return the stage that reaching `goal` on `stage` leads to, None where there is none."""
        return self.stage(goal.to) if goal.to else self.next_after(stage)


class LeadPath(Ladder):
    """The path of a lead; converted and rejected are its outcomes."""

    id: str = "leads"
    converted: Title = Title({"ru": "Сконвертирован", "uk": "Сконвертовано", "en": "Converted"})
    rejected: Title = Title({"ru": "Отказ", "uk": "Відмова", "en": "Rejected"})
