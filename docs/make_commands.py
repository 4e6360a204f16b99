"""Write `docs/commands.md`, the reference of the command line, from the commands themselves.

`python docs/make_commands.py` writes it, `--check` exits 1 when what is there is not what would be written.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1]))

import click

from crm.cli.app import App
from crm.cli.catalogue import COMMANDS
from crm.cli.main import root
from crm.locale import use_language

PAGE = Path(__file__).with_name("commands.md")
HEAD = """# The command line

Written by `python docs/make_commands.py` from the commands themselves; `crm COMMAND --help` says the same at the
prompt. What scripts may rely on is in [scripts.md](scripts.md).

```
crm [-w DIR] [--as USER] [--lang ru|uk|en] NOUN VERB …
```

`-w` or `CRM_HOME` names the workspace (the nearest folder upward with `config/crm.yaml` otherwise), `--as` or
`CRM_USER` who acts, `--lang` or `CRM_LANG` the language, `CRM_PLUGINS` the plugins (empty: those of the program alone;
`none`: no plugin at all).

"""


class Found(NamedTuple):
    """A command and the words that call it."""

    words: tuple[str, ...]
    command: click.Command
    context: click.Context


def every_command(folder: Path) -> Iterator[Found]:
    """Yield every command that does something, in the order of the help; groups are walked through.

    `folder` is a place without a workspace: nouns are those that the program ships.
    """
    app = App()
    app.folder = str(folder)
    top = root(app)
    yield from _within(top, click.Context(top, info_name="crm", obj=app), ())


def _within(group: click.Group, context: click.Context, words: tuple[str, ...]) -> Iterator[Found]:
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None, name
        inner = click.Context(command, parent=context, info_name=name, obj=context.obj)
        if isinstance(command, click.Group):
            yield from _within(command, inner, (*words, name))
        else:
            yield Found((*words, name), command, inner)


def page() -> str:
    """Return the reference."""
    use_language("en")
    with tempfile.TemporaryDirectory() as folder:
        found = list(every_command(Path(folder)))
    groups: dict[str, list[Found]] = {}
    for one in found:
        groups.setdefault(one.words[0], []).append(one)
    purposes = {name: purpose for name, (_place, _section, purpose) in COMMANDS.items()}
    parts = [HEAD, "| command | does |\n|---|---|\n"]
    parts += [f"| [{name}](#crm-{name}) | {_purpose(name, members, purposes)} |\n" for name, members in groups.items()]
    for name, members in groups.items():
        parts.append(f"\n## crm {name}\n")
        parts += [_entry(one) for one in members]
    return "".join(parts)


def _purpose(name: str, members: list[Found], purposes: dict[str, str]) -> str:
    if name in purposes:
        return purposes[name]
    parent = members[0].context.parent
    text = (parent.command.help if parent is not None and len(members[0].words) > 1 else "") or members[0].command.help
    return (text or "").split("\n")[0]


def _entry(one: Found) -> str:
    text = one.command.get_help(one.context)
    usage, _blank, rest = text.partition("\n\n")
    title = "" if len(one.words) == 1 else f"\n### crm {' '.join(one.words)}\n"
    return f"{title}\n```\n{usage}\n\n{rest.rstrip()}\n```\n"


def main() -> int:
    """Write the page, or check it."""
    os.environ |= {"COLUMNS": "120", "CRM_PLUGINS": ""}  # the reference tells of what is shipped
    text = page()
    if "--check" not in sys.argv[1:]:
        PAGE.write_text(text, encoding="utf-8")
        return 0
    if PAGE.exists() and PAGE.read_text(encoding="utf-8") == text:
        return 0
    print(f"{PAGE} is out of date: run python docs/make_commands.py", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
