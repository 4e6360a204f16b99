"""`crm site_request serve-info`, `crm site_notice send`: the addresses of the site, and notices on their way to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from crm.cli.kit import App, option, print_done, print_rows, read_command, verb, write_command
from crm.errors import WrongUsage
from crm.locale import N_, _

if TYPE_CHECKING:
    from crm.plugins.site.notices import SiteNotices


@verb("serve-info", example="crm site_request serve-info", help=N_("Show the addresses that the site posts to."))
@click.pass_obj
def serve_info(app: App) -> None:
    """Show the addresses."""
    from crm.plugins.site.addresses import addresses

    rows = addresses(app.crm)
    print_rows(["what", "state", "address"], rows, [_("What"), _("State"), _("Address")])


def _notices(app: App) -> SiteNotices:
    return app.crm.collection("site_notice")  # type: ignore[return-value]


@verb(
    "send",
    example="crm site_notice send",
    help=N_("Send what waits for the site now; crm tick and the console send by themselves."),
)
@click.pass_obj
def send(app: App) -> None:
    """Send the notices."""
    if app.dry_run:
        raise WrongUsage(_("A notice is sent, or it is not."), _("Look at them: crm site_notice list."))
    print_done(app, list(_notices(app).send(all_=True)))


@verb("retry", example="crm site_notice retry 3", help=N_("Put a notice that failed back into the queue."))
@click.argument("notice_id", metavar="ID")
@option("--now", is_flag=True, help=N_("Send it at once."))
@click.pass_obj
def retry(app: App, notice_id: str, now: bool) -> None:
    """Try a notice again."""
    notices = _notices(app)
    notice = notices.again(notice_id)
    if now and not app.dry_run:
        list(notices.send(all_=True))
        notice = notices.get(notice_id)
    print_done(app, [notice])


REQUEST_VERBS = {"serve-info": read_command(serve_info)}
NOTICE_VERBS = {"send": write_command(send), "retry": write_command(retry)}
