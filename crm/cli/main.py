"""The root of the command line: global options, commands found by name, failures turned into exit codes."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

import click

from crm.cli.app import App
from crm.cli.catalogue import COMMANDS, NOUN_VERBS
from crm.cli.output import Helpful
from crm.errors import CrmError, InvalidValue, WrongUsage
from crm.locale import N_, _, use_language

if TYPE_CHECKING:
    from collections.abc import Sequence

GLOBAL = {"-w": "folder", "--workspace": "folder", "--as": "actor", "--lang": "language"}
INTERRUPTED = 130


def run(arguments: Sequence[str], *, leaving: bool = False) -> int:
    """Run one command and return its exit code; `leaving` says that the process ends with it, so nothing is closed."""
    app = App()
    _ready_streams()
    try:
        code = _run(app, read_global(app, list(arguments)))
    except CrmError as error:
        code = complain(str(error), error.exit_code)
    except click.exceptions.Exit as error:
        code = error.exit_code
    except click.ClickException as error:
        code = complain(_usage_text(error), error.exit_code)
    except (click.Abort, EOFError, KeyboardInterrupt):
        code = complain(_("Interrupted; nothing was left half done."), INTERRUPTED)
    except BrokenPipeError:
        code = _quiet_end()
    except UnicodeEncodeError as error:
        code = complain(_unreadable(error), InvalidValue.exit_code)
    except Exception as error:
        code = _unforeseen(app, error)
    return _flushed(app.close(code, leaving=leaving))


def _run(app: App, words: list[str]) -> int:
    asked = os.environ.get("_CRM_COMPLETE")
    if asked:
        from crm.cli.completion import answer

        return answer(app, asked)
    use_language(app.language_code)
    command = root(app)
    with command.make_context("crm", words, obj=app) as context:
        command.invoke(context)
    return app.exit_code


def _ready_streams() -> None:
    """Read nothing, write nowhere where a stream is closed; escape a letter that its encoding does not have."""
    if sys.stdin is None:
        sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: SIM115
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115
        elif hasattr(getattr(sys, name), "reconfigure"):
            getattr(sys, name).reconfigure(errors="backslashreplace")


def _usage_text(error: click.ClickException) -> str:
    context = getattr(error, "ctx", None)
    help_hint = _("See: {command} --help").format(command=context.command_path) if context else ""
    said = _mistake(error)
    return f"{said}{'' if said.endswith(('.', '?')) else '.'} {help_hint}".strip()


def _mistake(error: click.ClickException) -> str:
    """Say the commonest mistakes in the current language, the rest in click's words."""
    match error:
        case click.NoSuchOption(possibilities=near):
            said = _("There is no option {name}.").format(name=error.option_name)
            return f"{said} {_('Did you mean: {names}?').format(names=', '.join(near))}" if near else said
        case click.MissingParameter(param=click.Argument() as argument):
            return _("{name} is not given.").format(name=argument.human_readable_name.rstrip("."))
        case click.MissingParameter(param=click.Option() as option):
            return _("{name} is not given.").format(name=option.opts[-1])
        case click.BadOptionUsage() if "argument" in error.message:
            return _("{option} needs a value.").format(option=error.option_name)
        case click.BadOptionUsage():
            return _("{option} takes no value.").format(option=error.option_name)
        case click.BadParameter(param=click.Option() as option) if isinstance(option.type, click.IntRange):
            return _("{option}: a whole number is needed, {range}.").format(
                option=option.opts[-1], range=_range(option.type)
            )
        case click.BadParameter(param=click.Option() as option) if isinstance(option.type, click.Choice):
            return _("{option}: one of {choices} is needed.").format(
                option=option.opts[-1], choices=", ".join(map(str, option.type.choices))
            )
        case click.BadParameter(param=click.Parameter() as param) if isinstance(param.type, click.types.IntParamType):
            return _("{option}: a whole number is needed.").format(option=param.opts[-1])
    return error.format_message()


def _range(allowed: click.IntRange) -> str:
    if allowed.max is None:
        return _("{n} or more").format(n=allowed.min)
    return _("from {least} to {most}").format(least=allowed.min, most=allowed.max)


def _unreadable(error: UnicodeEncodeError) -> str:
    words = _("{text} holds bytes that are no text in UTF-8.").format(text=ascii(error.object[:60]))
    return f"{words} {_('Type it anew, or set a UTF-8 locale.')}"


def _unforeseen(app: App, error: Exception) -> int:
    """Say what the disk or the index has in words; anything else is a bug."""
    from crm.store.index_faults import explained

    known = explained(error)
    return app.log_bug(error) if known is None else complain(str(known), known.exit_code)


def complain(text: str, code: int) -> int:
    """Print a failure to stderr in one or two lines and return its exit code."""
    with suppress(OSError):
        print(f"crm: {text}", file=sys.stderr)
    return code


def _quiet_end() -> int:
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _flushed(code: int) -> int:
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        return _quiet_end()
    return code


def read_global(app: App, arguments: list[str]) -> list[str]:
    """Read the options that stand before the noun into `app` and return the rest."""
    while arguments and arguments[0].startswith("-"):
        name, equals, value = arguments[0].partition("=")
        if name not in GLOBAL:
            break
        if not equals:
            if len(arguments) < 2:
                use_language(app.language_code)
                raise WrongUsage(_("{option} needs a value.").format(option=name), _("See: crm --help"))
            value = arguments.pop(1)
        arguments.pop(0)
        setattr(app, GLOBAL[name], value)
    return arguments


class Root(Helpful, click.Group):
    """All commands by name; each is imported when it is called."""

    def __init__(self, app: App) -> None:
        super().__init__(name="crm", help="-")
        self.app = app
        self.params = [
            click.Option(["-w", "--workspace"], metavar="DIR", help=_("The workspace (or CRM_HOME).")),
            click.Option(["--as"], metavar="USER", help=_("Act as this user (or CRM_USER).")),
            click.Option(["--lang"], metavar="ru|uk|en", help=_("Language of messages (or CRM_LANG).")),
            click.Option(["-V", "--version"], is_flag=True, help=_("Show the version.")),
        ]

    def list_commands(self, ctx: click.Context) -> list[str]:
        """List the names: the built-in ones in their order, then those of plugins."""
        return list(dict.fromkeys([*COMMANDS, *self.app.plugin_commands()]))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command of that name."""
        if cmd_name in COMMANDS and cmd_name not in NOUN_VERBS:
            command: click.Command | None = self.app.imported_command(COMMANDS[cmd_name][0])
        else:
            command = self.app.noun_or_plugin_command(cmd_name)
        if self.app.completing and command is not None and self.app.noun(cmd_name) is None:
            from crm.cli.offers import offer

            return offer(self.app, command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; an unknown one is told with the near names."""
        if args and self.get_command(ctx, args[0]) is None:
            from difflib import get_close_matches

            near = get_close_matches(args[0], self.list_commands(ctx), 3)
            remedy = _("Did you mean: {names}?").format(names=", ".join(near)) if near else _("See: crm --help")
            raise WrongUsage(_("There is no command «{name}».").format(name=args[0]), remedy)
        return super().resolve_command(ctx, args)

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the help of the program from the table of commands, importing none of them."""
        formatter.write_usage("crm", "[-w DIR] [--as USER] [--lang ru|uk|en] NOUN VERB …", _("Usage:") + " ")
        formatter.write_paragraph()
        formatter.write_text(_(_PURPOSE))
        for section, names in self._sections().items():
            with formatter.section(section):
                formatter.write_dl([(name, _(text)) for name, text in names])
        self.format_options(ctx, formatter)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the global options alone."""
        with formatter.section(_("Options")):
            formatter.write_dl([row for param in self.params if (row := param.get_help_record(ctx)) is not None])

    def _sections(self) -> dict[str, list[tuple[str, str]]]:
        sections: dict[str, list[tuple[str, str]]] = {}
        for name, (_target, section, text) in COMMANDS.items():
            sections.setdefault(_(section), []).append((name, text))
        for name, text in self.app.plugin_commands().items():
            if name not in COMMANDS:
                sections.setdefault(_("Plugins"), []).append((name, text))
        return sections


_PURPOSE = N_("Keep the customers of a sales team in a folder: leads, deals, quotes, invoices.")


def root(app: App) -> Root:
    """Return the root command of one run."""
    return Root(app)
