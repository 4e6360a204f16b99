"""A document on paper by the forms of `templates/`, of what its record alone says."""

from __future__ import annotations

from contextvars import copy_context
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from crm.locale import use_language
from crm.plugins.documents.forms import Form, form_named, is_ours
from crm.plugins.quotes.printing import own_templates

if TYPE_CHECKING:
    from jinja2 import Environment

    from crm.plugins.documents.document import Document
    from crm.workspace import Workspace

_TEMPLATES = Path(__file__).parent / "templates"
_SHARED = ("form.html", "tall.html", "parts_of_forms.html", "words_uk.html", "forms.css")


def page(crm: Workspace, document: Document) -> str:
    """Write a document as HTML by its form."""
    form = form_named(document.kind, document.form)
    if not form.template:
        return _by_paper(crm, document)
    return copy_context().run(_page, own_templates(crm), form, document)


def _page(own: Path | None, form: Form, document: Document) -> str:
    from crm.plugins.documents.facts import facts

    use_language(document.lang)
    return _environment(own).get_template(f"{form.template}.html").render(facts(document, form))


def version(crm: Workspace, document: Document) -> str:
    """Return the version of a document's form: a hash of its templates and of the program; empty for a plugin's."""
    from hashlib import sha256

    from crm.version import __version__

    if not is_ours(document.kind):
        return ""
    form = form_named(document.kind, document.form)
    names = (f"{form.template}.html", *_SHARED) if form.template else ("act.html", "base.html", "paper.css")
    texts = [_source(own_templates(crm), name, ours=bool(form.template)) for name in names]
    return sha256("\0".join((__version__, form.edition, *texts)).encode()).hexdigest()[:12]


def _source(own: Path | None, name: str, *, ours: bool) -> str:
    house = _TEMPLATES if ours else _TEMPLATES.parent.parent / "paper" / "templates"
    file = own / name if own is not None and name.endswith(".html") and (own / name).is_file() else house / name
    return file.read_text("utf-8")


def _by_paper(crm: Workspace, document: Document) -> str:
    """Write the act of a country that has no form of its own."""
    from crm.plugins.invoices.snapshot import party
    from crm.plugins.paper.parties import Paper
    from crm.plugins.paper.render import render
    from crm.plugins.quotes.printing import sums

    paper = Paper(
        kind=document.kind,
        number=document.number,
        date=document.date or crm.today(),
        seller=party(document.seller),
        buyer=party(document.buyer),
        basis=document.basis,
        comment=document.comment,
        **sums(document.doc),
        lang=document.lang,
    )
    return render(paper, own=own_templates(crm))


@cache
def _environment(own: Path | None) -> Environment:
    from jinja2 import FileSystemLoader, StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment
    from markupsafe import Markup

    from crm.plugins.documents import facts, wording

    folders = [_TEMPLATES] if own is None else [own, _TEMPLATES]
    environment = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(folders), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.globals |= {"css": Markup((_TEMPLATES / "forms.css").read_text("utf-8"))}
    environment.filters |= wording.FILTERS
    environment.tests |= {"sole_trader": facts.is_sole_trader}
    return environment
