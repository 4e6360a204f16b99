"""`crm init`: a new workspace, empty or filled with a believable company."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from crm.cli.output import option, verb
from crm.locale import LANGUAGES, N_, _, language, use_language

if TYPE_CHECKING:
    from crm.cli.app import App

CURRENCIES = {"ru": "RUB", "uk": "UAH", "en": "USD"}


@verb("init", example="crm init shop --lang ru --currency RUB", help=N_("Make a workspace in DIR (here by default)."))
@click.argument("folder", default=".", metavar="[DIR]")
@option("--lang", "lang", metavar="ru|uk|en", default=None, help=N_("The language; by default the system's."))
@option("--currency", metavar="RUB|UAH|USD|…", default=None, help=N_("The account's currency."))
@option("--name", default="", metavar="TEXT", help=N_("What the company is called."))
@option("--demo", is_flag=True, help=N_("Fill it with a believable company of a few hundred records."))
@click.pass_obj
def init(app: App, folder: str, lang: str | None, currency: str | None, name: str, demo: bool) -> None:
    """Make a workspace."""
    from crm.entrance import login
    from crm.initialise import initialise

    wished = lang or language()
    if wished in LANGUAGES:
        use_language(wished)
    place = Path(folder).resolve()
    actor, code = app.actor or login(), currency or CURRENCIES.get(wished, "USD")
    if demo:
        from crm.demo import fill, founded

        initialise(place, wished, code, name, actor, clock=founded)
        count = fill(place, actor)
        print(_("{folder}: a workspace with {n} demo records.").format(folder=place, n=count))
    else:
        initialise(place, wished, code, name, actor)
        print(_("{folder}: a new workspace.").format(folder=place))
