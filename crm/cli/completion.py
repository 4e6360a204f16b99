"""Completion in bash, zsh and fish: commands, ids with their names, stages, dictionaries."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import click

from crm.cli.output import verb
from crm.errors import CrmError, WrongUsage
from crm.locale import N_, _, use_language

if TYPE_CHECKING:
    from crm.cli.app import App

_SHELLS = ("bash", "zsh", "fish")


@verb(
    "completion",
    example="crm completion bash >> ~/.bashrc",
    help=N_('Print the completion script: eval "$(crm completion bash)"'),
)
@click.argument("shell", metavar="bash|zsh|fish")
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print a shell's completion script."""
    if shell not in _SHELLS:
        raise WrongUsage(_("There is no completion for «{shell}».").format(shell=shell), _there_are())
    from click.shell_completion import get_completion_class

    found = get_completion_class(shell)
    if found is None:
        raise WrongUsage(_("There is no completion for «{shell}».").format(shell=shell), _there_are())
    print(found(ctx.find_root().command, {}, "crm", "_CRM_COMPLETE").source())


def _there_are() -> str:
    return _("There are: {names}.").format(names=", ".join(_SHELLS))


def answer(app: App, asked: str) -> int:
    """Answer a shell that asks what may come next: `bash_complete` with the words so far in COMP_WORDS, COMP_CWORD.

    `bash_source` prints the script. Nothing is said of what goes wrong: the shell just offers nothing.
    """
    from click.shell_completion import get_completion_class

    from crm.cli.main import root
    from crm.cli.offers import offer

    shell, _line, instruction = asked.partition("_")
    found = get_completion_class(shell)
    if found is None:
        return 1
    app.completing = True
    completer = found(offer(app, root(app)), {"obj": app}, "crm", "_CRM_COMPLETE")
    if instruction == "source":
        print(completer.source())
        return 0
    with suppress(CrmError):
        words, incomplete = completer.get_completion_args()
        rest = _after_global(app, words)
        use_language(app.language_code)
        for item in completer.get_completions(rest, incomplete):
            print(completer.format_completion(item))
    return 0


def _after_global(app: App, words: list[str]) -> list[str]:
    """Read the global options into `app` and return the rest: the last option itself where its value is asked for."""
    from crm.cli.main import GLOBAL, read_global

    if words and words[-1] in GLOBAL:
        return [*read_global(app, words[:-1]), words[-1]]
    return read_global(app, words)
