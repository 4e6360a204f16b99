"""The verbs of users on the command line: passwords and tokens for the console."""

from __future__ import annotations

import sys

import click

from crm.cli.app import App
from crm.cli.done import print_done
from crm.cli.noun_options import write_command
from crm.cli.output import form, print_json, verb
from crm.errors import WrongUsage
from crm.locale import N_, _


@verb(
    "password",
    example='echo "correct horse" | crm user password olga',
    help=N_("Set a user's password for the console; it is asked for, or read from stdin."),
)
@click.argument("user")
@click.pass_obj
def password(app: App, user: str) -> None:
    """Set a password."""
    from crm.sales.secrets import set_password

    print_done(app, [set_password(app.crm, user, _asked_password())])


def _asked_password() -> str:
    if sys.stdin.isatty():
        text: str = click.prompt(_("Password"), hide_input=True, confirmation_prompt=True, err=True)
    else:
        text = sys.stdin.readline().rstrip("\n")
    if not text:
        raise WrongUsage(_("A password is needed."), _("Give it on stdin: echo … | crm user password USER"))
    return text


@verb("token", example="crm user token olga", help=N_("Make an API token for a user and print it once."))
@click.argument("user")
@click.pass_obj
def token(app: App, user: str) -> None:
    """Make a token."""
    from crm.sales.secrets import make_token

    made, text = make_token(app.crm, user)
    if form() == "json" and not app.dry_run:
        print_json({**app.crm.users.export(made), "token": text})
    elif form() == "ids" or app.dry_run:
        print_done(app, [made])
    else:
        print(f"{made.ref} {text}")


VERBS = {command.name or "": write_command(command) for command in (password, token)}
