"""The link at the end of a letter: a GET shows a page and changes nothing, a POST unsubscribes (RFC 8058)."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, cast

from crm.errors import NotFound
from crm.locale import _, use_language
from crm.model import Reply, Request

if TYPE_CHECKING:
    from crm.plugins.mailings.unsubscribes import Unsubscribes
    from crm.workspace import Workspace

_HTML = "text/html; charset=utf-8"
_PAGE = """<!doctype html><html lang="{lang}"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex"><title>{title}</title>
<body style="font:16px/1.5 sans-serif;max-width:32rem;margin:15vh auto;padding:0 1rem"><h1>{title}</h1><p>{text}</p>
{form}</body></html>
"""
_FORM = '<form method="post"><button style="font:inherit;padding:.5rem 1rem">{button}</button></form>'


def answer(crm: Workspace, request: Request) -> Reply:
    """Show the page of a token, or unsubscribe whose letter carried it; a wrong token is told the same way."""
    use_language(crm.settings.language)
    company = crm.settings.company.name or crm.settings.account.name
    if not crm.collection("dispatch").having("token", request.path) or not request.path:
        return _page(_("There is no such address."), _("The link is not whole: copy all of it."), status=404)
    if request.method != "POST":
        return _page(
            _("Unsubscribe?"),
            _("You will get no more mailings of {company}.").format(company=company),
            _FORM.format(button=escape(_("Unsubscribe"))),
        )
    try:
        cast("Unsubscribes", crm.collection("unsubscribe")).leave(request.path, _("by the link in a letter"))
    except NotFound as error:
        return _page(_("There is no such address."), str(error), status=404)
    return _page(_("You are unsubscribed."), _("You will get no more mailings of {company}.").format(company=company))


def _page(title: str, text: str, form: str = "", status: int = 200) -> Reply:
    from crm.locale import language

    body = _PAGE.format(lang=language(), title=escape(title), text=escape(text), form=form)
    headers = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
    return Reply(body, status, _HTML, headers)
