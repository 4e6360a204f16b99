"""What commands print: records as a table, JSON, lines of JSON, CSV, ids or tab-separated text."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import click

from crm.errors import WrongUsage
from crm.locale import N_, _

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from crm.model.fields import Doc
    from crm.sales.noun import Noun

FORMATS = ("json", "nl", "csv", "ids")


class Option(click.Option):
    """An option whose help is translated when it is shown."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Return the option's row of the help in the current language."""
        row = super().get_help_record(ctx)
        return row if row is None or not self.help else (row[0], row[1].replace(self.help, _(self.help)))


def _show_help(ctx: click.Context, _param: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        click.echo(ctx.get_help())
        ctx.exit()


_PIECES = {"[OPTIONS]": N_("[OPTIONS]"), "COMMAND [ARGS]...": N_("VERB …")}
"""What click calls the parts of a command's usage, and what it is called here."""


class Helpful(click.Command):
    """A command with an own `-h`; click's asks gettext for its words, which costs 2 ms of each command."""

    def get_help_option(self, ctx: click.Context) -> click.Option:
        """Return the option that shows the help."""
        return Option(
            ["-h", "--help"],
            is_flag=True,
            is_eager=True,
            expose_value=False,
            callback=_show_help,
            help=N_("Show this."),
        )

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write how the command is called."""
        pieces = [_(_PIECES.get(piece, piece)) for piece in self.collect_usage_pieces(ctx)]
        formatter.write_usage(ctx.command_path, " ".join(pieces), _("Usage:") + " ")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, and the verbs of a group."""
        options = [one for one in self.get_params(ctx) if isinstance(one, click.Option)]
        with formatter.section(_("Options")):
            formatter.write_dl([row for one in options if (row := one.get_help_record(ctx)) is not None])
        if isinstance(self, click.Group):
            self.format_commands(ctx, formatter)


class Verb(Helpful):
    """A command whose help is translated when it is shown."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments; a word too many is told in the current language."""
        ctx.allow_extra_args = True
        rest = super().parse_args(ctx, args)
        if rest and not ctx.resilient_parsing:
            raise WrongUsage(
                _("«{text}» is one word too many.").format(text=rest[0]),
                _("See: {command} --help").format(command=ctx.command_path),
            )
        return rest

    def get_short_help_str(self, limit: int = 80) -> str:
        """Return the first line of the help in the current language."""
        return _(self.help or "").split("\n")[0]

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the help in the current language."""
        formatter.write_paragraph()
        formatter.write_text(_(self.help or ""))

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the example."""
        if self.epilog:
            with formatter.section(_("Example")):
                formatter.write(f"  {self.epilog}\n")


def unknown_verb(group: str, verb: str, verbs: Iterable[str]) -> WrongUsage:
    """Say that a group has no such verb, and which it has."""
    return WrongUsage(
        _("«{noun}» has no verb «{verb}».").format(noun=group, verb=verb),
        _("It has: {verbs}.").format(verbs=", ".join(verbs)),
    )


class VerbGroup(Helpful, click.Group):
    """A group of verbs whose help is translated; without a verb it lists."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments; the group's name alone means its list."""
        if ctx.resilient_parsing:  # a shell asks what may come next
            return super().parse_args(ctx, args)
        if not args or (args[0].startswith("-") and args[0] not in ("-h", "--help")):
            args.insert(0, "list")
        return super().parse_args(ctx, args)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the verb; an unknown one is told with those there are."""
        if self.get_command(ctx, args[0]) is None:
            raise unknown_verb(self.name or "", args[0], self.list_commands(ctx))
        return super().resolve_command(ctx, args)

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the help in the current language."""
        formatter.write_paragraph()
        formatter.write_text(_(self.help or ""))

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the verbs with their purpose."""
        with formatter.section(_("Verbs")):
            formatter.write_dl([(name, command.get_short_help_str()) for name, command in self.commands.items()])


def option(*names: str, help: str = "", **rest: Any) -> Callable[[Any], Any]:
    """Declare an option with a help text that is translated."""
    return click.option(*names, cls=Option, help=help, **rest)


def verb(name: str, help: str, cls: type[click.Command] = Verb, *, example: str = "") -> Callable[[Any], Any]:
    """Declare a command with a help text that is translated, and an example that is not."""
    return click.command(name, cls=cls, help=help, epilog=example)


_OUTPUT = {
    "json": N_("Print JSON."),
    "nl": N_("Print one JSON object a line."),
    "csv": N_("Print CSV."),
    "ids": N_("Print ids alone."),
}


def output_options(*formats: str) -> Callable[[Any], Any]:
    """Add the options that choose the format; the command gets it as `form` (empty for people)."""

    def choose(ctx: click.Context, param: click.Parameter, value: bool) -> None:
        if value:
            ctx.meta["crm.form"] = (param.name or "").removeprefix("form_")

    def decorate(function: Any) -> Any:
        for name in reversed(formats or FORMATS):
            function = option(
                f"--{name}", f"form_{name}", is_flag=True, expose_value=False, callback=choose, help=_OUTPUT[name]
            )(function)
        return function

    return decorate


def form() -> str:
    """Return the format that the command at hand was asked for, empty for people."""
    return str(click.get_current_context().meta.get("crm.form", ""))


def cell(value: Any) -> str:
    """Return a JSON value as one cell of a table."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        if value.keys() == {"amount", "currency"}:
            return f"{value['amount']} {value['currency']}"
        return "; ".join(f"{key}={cell(part)}" for key, part in value.items())
    if isinstance(value, list):
        return ", ".join(cell(part.get("name", part)) if isinstance(part, dict) else cell(part) for part in value)
    return str(value)


def _shown(value: Any) -> str:
    return _(cell(value)) if isinstance(value, bool) else cell(value)


_TITLES = {
    "about": N_("About"),
    "activities": N_("Activities"),
    "actor": N_("User"),
    "command": N_("Command"),
    "day": N_("Day"),
    "deals": N_("Deals"),
    "deleted": N_("Deleted"),
    "due": N_("Due"),
    "field": N_("Field"),
    "file": N_("File"),
    "goals": N_("Goals"),
    "kind": N_("Kind"),
    "label": N_("Title"),
    "line": N_("Line"),
    "n": N_("No."),
    "name": N_("Title"),
    "new": N_("After"),
    "norm_days": N_("Norm, days"),
    "old": N_("Before"),
    "origin": N_("Origin"),
    "owner": N_("Owner"),
    "pipeline": N_("Pipeline"),
    "plugin": N_("Plugin"),
    "probability": N_("Probability, %"),
    "ref": N_("Record"),
    "stage": N_("Stage"),
    "stages": N_("Stages"),
    "state": N_("State"),
    "subject": N_("Subject"),
    "sum": N_("Sum"),
    "summary": N_("What it does"),
    "time": N_("Time"),
    "title": N_("Title"),
    "via": N_("By way of"),
    "what": N_("What"),
    "when": N_("When"),
    "why": N_("Why"),
}
"""What the columns are called on a terminal where the command does not say."""


def print_rows(columns: list[str], rows: Iterable[Doc], titles: list[str] | None = None) -> None:
    """Print rows in the format asked for; a table on a terminal, tab-separated text with a header elsewhere."""
    asked = form()
    if asked == "json":
        print_json(list(rows))
    elif asked == "nl":
        for row in rows:
            print(json.dumps(row, ensure_ascii=False))
    elif asked == "csv":
        _print_csv(columns, rows)
    elif asked == "ids":
        for row in rows:
            print(row["id"])
    elif sys.stdout.isatty():
        heads = titles or [_(_TITLES[name]) if name in _TITLES else name for name in columns]
        _print_table(heads, [[_shown(row.get(name)) for name in columns] for row in rows])
    else:
        print("\t".join(columns))
        for row in rows:
            print("\t".join(" ".join(cell(row.get(name)).split()) for name in columns))


def print_json(value: Any) -> None:
    """Print one JSON value, readable by eye."""
    print(json.dumps(value, ensure_ascii=False, indent=2))


def _print_csv(columns: list[str], rows: Iterable[Doc]) -> None:
    import csv

    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([cell(row.get(name)) for name in columns])


def _print_table(titles: list[str], rows: list[list[str]]) -> None:
    from rich.console import Console
    from rich.table import Table

    if not rows:
        print(_("Nothing found."), file=sys.stderr)
        return
    console = Console()
    if console.width < _NARROW * len(titles):
        _print_blocks(titles, rows)
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in titles:
        table.add_column(title, overflow="fold")
    for row in rows:
        table.add_row(*(text.replace("[", "\\[") for text in row))
    console.print(table)


_NARROW = 8
"""Signs that a column needs; a terminal with less shows each record as a block of lines."""


def _print_blocks(titles: list[str], rows: list[list[str]]) -> None:
    for number, row in enumerate(rows):
        print("\n" * bool(number) + f"{titles[0]} {row[0]}")
        for title, text in zip(titles[1:], row[1:], strict=True):
            if text:
                print(f"  {title}: {text}")


def list_columns(noun: Noun) -> list[str]:
    """Return the columns of a noun's list: the id, then the fields that are listed."""
    return ["id", *(name for name, field in noun.fields.items() if field.listed)]


def for_a_person() -> bool:
    """Tell whether a person reads the output: a terminal, and no format was asked for."""
    return not form() and sys.stdout.isatty()


def print_card(noun: Noun, doc: Doc) -> None:
    """Print one record: JSON, its id, or a line a field."""
    asked = form()
    if asked in ("json", "nl"):
        print_json(doc) if asked == "json" else print(json.dumps(doc, ensure_ascii=False))
    elif asked == "ids":
        print(doc["id"])
    elif asked == "csv":
        _print_csv(list(doc), [doc])
    elif sys.stdout.isatty():
        _print_people_card(noun, doc)
    else:
        for name, value in doc.items():
            print(f"{name}\t{' '.join(cell(value).split())}")


def _print_people_card(noun: Noun, doc: Doc) -> None:
    print(f"{doc['ref']}  {doc.get(noun.entity.naming) or ''}")
    known = noun.card_fields
    labels = {name: known[name].label if name in known else name for name in doc}
    width = max(len(label) for label in labels.values())
    for name, value in doc.items():
        if value not in (None, [], {}, "") and name not in ("id", "ref", noun.entity.naming):
            print(f"  {labels[name]:<{width}}  {_shown(value)}")
