"""A paper to HTML: one self-contained page in the paper's language, for the screen, the printer and the PDF."""

from __future__ import annotations

from contextvars import copy_context
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crm.errors import NotFound
from crm.locale import _, use_language
from crm.model.amount_words import amount_in_words
from crm.model.money import Money
from crm.plugins.paper import wording
from crm.plugins.paper.parties import Paper

if TYPE_CHECKING:
    from jinja2 import Environment

_TEMPLATES = Path(__file__).parent / "templates"
_HOME = {"ru": "RUB", "uk": "UAH"}
_PLAIN_COLUMNS = 6


def render(paper: Paper, *, own: Path | None = None) -> str:
    """Write `paper` as HTML in its own language, whatever language the reader speaks.

    Templates of the folder `own` come before those of the house, by the same names. The same paper gives the same
    text. NotFound where no template is named for the kind of the paper.
    """
    return copy_context().run(_render, paper, own)


def page(name: str, facts: dict[str, Any], lang: str, *, own: Path | None = None) -> str:
    """Write any template of the house, or of `own`, as HTML in the language `lang`."""
    return copy_context().run(_page, name, facts, lang, own)


def _page(name: str, facts: dict[str, Any], lang: str, own: Path | None) -> str:
    use_language(lang)
    return _environment(own).get_template(name).render(facts)


def _render(paper: Paper, own: Path | None) -> str:
    from jinja2 import TemplateNotFound

    use_language(paper.lang)
    try:
        template = _environment(own).get_template(f"{paper.kind}.html")
    except TemplateNotFound as error:
        raise NotFound(
            _("There is no template {name} to print by.").format(name=error.name),
            _("Print an invoice, an act or a quote, or add the template."),
        ) from error
    return template.render(_facts(paper))


def _facts(paper: Paper) -> dict[str, Any]:
    shown = (*paper.lines, *paper.options)
    discounts = any(line.discount or line.discount_sum for line in shown)
    mixed = len({line.vat for line in shown}) > 1
    home = _HOME.get(paper.lang) == paper.currency
    return {
        "paper": paper,
        "has_discounts": discounts,
        "has_mixed_rates": mixed,
        "columns": _PLAIN_COLUMNS + discounts + mixed,
        "currency_mark": "" if home else wording.currency_mark(paper.currency),
        "totals": wording.totals(paper),
        "summary": wording.summary(paper),
        "words": amount_in_words(Money(paper.total, paper.currency), paper.lang),
    }


@cache
def _environment(own: Path | None) -> Environment:
    from jinja2 import FileSystemLoader, StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment
    from markupsafe import Markup

    folders = [_TEMPLATES] if own is None else [own, _TEMPLATES]
    environment = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(folders), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.globals |= {"_": _, "css": Markup((_TEMPLATES / "paper.css").read_text("utf-8"))}
    environment.filters |= {
        "money": wording.money,
        "qty": wording.qty,
        "rate": wording.rate,
        "currency_mark": wording.currency_mark,
        "line_sum": wording.line_sum,
        "discount": wording.discount,
        "rich": wording.rich,
        "long_date": wording.full_date,
        "short_date": wording.short_date,
        "iban": wording.iban,
        "phone": wording.phone,
        "tax_ids": wording.tax_ids,
        "post": wording.post,
    }
    return environment
