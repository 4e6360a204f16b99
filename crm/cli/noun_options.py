"""Options and arguments that commands on records share: formats, past moments, dry runs, ids, fields of a noun."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from crm.cli.output import Option, output_options
from crm.locale import N_, _

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from crm.cli.app import App
    from crm.model.fields import Field
    from crm.sales.collection import Edit
    from crm.sales.noun import Noun

_SINGULAR = {"companies": "company", "addresses": "address"}


def as_of_option(function: Any) -> Any:
    """Add `--as-of`, which shows a past moment."""

    def keep(ctx: click.Context, _param: click.Parameter, value: str | None) -> None:
        if value:
            ctx.find_object(_app_class()).as_of = value  # type: ignore[union-attr]

    return click.option(
        "--as-of", cls=Option, metavar="DATE|TIME", expose_value=False, callback=keep, help=N_("Show a past moment.")
    )(function)


def dry_run_option(function: Any) -> Any:
    """Add `--dry-run`, which prints the change and commits nothing."""

    def keep(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
        if value:
            ctx.find_object(_app_class()).dry_run = True  # type: ignore[union-attr]

    return click.option(
        "--dry-run", cls=Option, is_flag=True, expose_value=False, callback=keep, is_eager=True,
        help=N_("Print the change, commit nothing."),
    )(function)  # fmt: skip


def _app_class() -> type[App]:
    from crm.cli.app import App

    return App


def read_command(command: click.Command) -> click.Command:
    """Add to a command the options of every read."""
    return _with(command, output_options(), as_of_option)


def write_command(command: click.Command) -> click.Command:
    """Add to a command the options of every write."""
    return _with(command, output_options("json", "ids"), dry_run_option)


def _with(command: click.Command, *decorators: Callable[[Any], Any]) -> click.Command:
    for decorate in decorators:
        holder = decorate(lambda: None)
        command.params += reversed(getattr(holder, "__click_params__", []))
    return command


def ids_argument() -> click.Argument:
    """Return the argument of one or more ids."""
    return click.Argument(["ids"], nargs=-1, metavar="ID…", required=True)


def read_ids(words: Iterable[str]) -> list[str]:
    """Return ids as they were given; `-` stands for those on stdin, one id or reference a line."""
    ids: list[str] = []
    for word in words:
        if word == "-":
            ids += [line.strip() for line in sys.stdin if line.strip()]
        else:
            ids.append(word)
    return ids


_SINGULAR = {"companies": "company", "addresses": "address"}


def option_name(name: str, field: Field[Any]) -> str:
    """Return the option's name of a field: `--phone` for phones, repeated for each."""
    singular = _SINGULAR.get(name) or (name[:-1] if field.many and name.endswith("s") else name)
    return f"--{singular.replace('_', '-')}"


def field_option(name: str, field: Field[Any], parameter: str = "") -> click.Option:
    """Return the option of a field, repeated where the field holds several values; yes and no go without a value."""
    flag: dict[str, Any] = {"is_flag": False, "flag_value": "yes"} if field.sort == "bool" else {}
    return Option(
        [option_name(name, field), parameter or name], multiple=field.many, metavar=field.sort.upper(),
        help=field.title or name, **flag,
    )  # fmt: skip


def part_options(noun: Noun) -> list[click.Parameter]:
    """Return the options of the parts that may be written by their own names, such as `--inn`."""
    from crm.model.field_parts import Parts

    options: list[click.Parameter] = []
    for name, field in noun.fields.items():
        if isinstance(field, Parts):
            for part, title in field.parts.items():
                if part not in noun.fields:
                    options.append(
                        Option([f"--{part.replace('_', '-')}", f"{name}__{part}"], metavar="TEXT", help=title)
                    )
    return options


def read_edit(word: str) -> Edit:
    """Read `field=value`, `field+=value` or `field-=value`; raise WrongUsage for anything else."""
    from crm.errors import WrongUsage
    from crm.sales.collection import Edit

    name, equals, value = word.partition("=")
    if not equals:
        raise WrongUsage(_("«{word}» is not field=value.").format(word=word), _("For example: comment=…"))
    op = {"+": "+=", "-": "-="}.get(name[-1:], "=")
    return Edit(name[:-1] if op != "=" else name, op, value)
