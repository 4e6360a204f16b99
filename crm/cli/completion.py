"""Completion in bash, zsh and fish: commands, ids with their names, stages, dictionaries."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import click

from crm.cli.output import verb
from crm.errors import CrmError, WrongUsage
from crm.locale import N_, _, use_language

if TYPE_CHECKING:
    from crm.cli.app import App
    from crm.model.fields import Choice

_MOST = 50
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
        raise WrongUsage(_("There is no completion for «{shell}».").format(shell=shell), ", ".join(_SHELLS))
    from click.shell_completion import get_completion_class

    found = get_completion_class(shell)
    if found is None:
        raise WrongUsage(_("There is no completion for «{shell}».").format(shell=shell), ", ".join(_SHELLS))
    print(found(ctx.find_root().command, {}, "crm", "_CRM_COMPLETE").source())


def answer(app: App, asked: str) -> int:
    """Answer a shell that asks what may come next: `bash_complete` with the words so far in COMP_WORDS, COMP_CWORD.

    `bash_source` prints the script. Nothing is said of what goes wrong: the shell just offers nothing.
    """
    from click.shell_completion import get_completion_class

    from crm.cli.main import read_global, root

    shell, _line, instruction = asked.partition("_")
    found = get_completion_class(shell)
    if found is None:
        return 1
    completer = found(root(app), {"obj": app}, "crm", "_CRM_COMPLETE")
    if instruction == "source":
        print(completer.source())
        return 0
    with suppress(CrmError):
        words, incomplete = completer.get_completion_args()
        rest = read_global(app, words)
        use_language(app.language_code)
        for item in completer.get_completions(rest, incomplete):
            print(completer.format_completion(item))
    return 0


def complete_ids(ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[Any]:
    """Offer the ids of the newest records of the noun at hand, with their names."""
    from click.shell_completion import CompletionItem

    noun = ctx.parent.info_name if ctx.parent else None
    try:
        records = ctx.obj.present.collection(noun).find(sort="-id", limit=1000)
    except CrmError:
        return []
    matching = (record for record in records if str(record.id).startswith(incomplete))
    return [
        CompletionItem(str(record.id), help=record.label) for record, _n in zip(matching, range(_MOST), strict=False)
    ]


def complete_choices(ctx: click.Context, field: Choice, incomplete: str) -> list[Any]:
    """Offer the entries of a field's dictionary, with their titles."""
    from click.shell_completion import CompletionItem

    try:
        dictionary = ctx.obj.present.customs.dictionary(field.dictionary) if field.dictionary else None
    except CrmError:
        return []
    rows = [(entry.id, entry.title.text()) for entry in dictionary.entries] if dictionary else []
    rows += [(name, "") for name in field.options]
    return [CompletionItem(name, help=title) for name, title in rows if name.startswith(incomplete)]


def complete_stages(ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[Any]:
    """Offer the stages of the noun at hand."""
    from click.shell_completion import CompletionItem

    try:
        name = "lead_stages" if ctx.parent is not None and ctx.parent.info_name == "lead" else "stages"
        entries = ctx.obj.present.customs.dictionary(name).entries
    except CrmError:
        return []
    return [CompletionItem(one.id, help=one.title.text()) for one in entries if one.id.startswith(incomplete)]


def complete_ids_and_stages(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[Any]:
    """Offer stages and ids where a command takes any number of ids and then a stage."""
    return [*complete_stages(ctx, param, incomplete), *complete_ids(ctx, param, incomplete)]
