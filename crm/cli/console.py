"""`crm console`: the pages in the browser."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from crm.cli.output import option, verb
from crm.locale import N_

if TYPE_CHECKING:
    from crm.cli.app import App


@verb(
    "console",
    example="crm console --no-browser",
    help=N_("Open the console in the browser: it prints a link that signs you in once."),
)
@option("--port", type=click.IntRange(0, 65535), default=None, metavar="N", help=N_("The port; by default a free one."))
@option("--no-browser", is_flag=True, help=N_("Only print the link."))
@click.pass_obj
def console(app: App, port: int | None, no_browser: bool) -> None:
    """Serve the console until it is interrupted."""
    import os

    from crm.console.server import run
    from crm.upkeep import upkeep

    for sentence in upkeep(app.crm):
        print(f"crm: {sentence}", file=sys.stderr)
    language = app.language or os.environ.get("CRM_LANG", "")[:2]
    run(app.root, app.crm.actor, port=port, browser=not no_browser, language=language)
