"""Write the table of hooks into `docs/plugins.md` from the contract itself.

`python docs/make_hooks.py` writes it, `--check` exits 1 when what is there is not what would be written.
"""

from __future__ import annotations

import inspect
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from crm import hookspecs

PAGE = Path(__file__).with_name("plugins.md")
TABLE = re.compile(r"(<!-- hooks: .*? -->\n).*?(<!-- end of hooks -->)", re.DOTALL)


def table() -> str:
    """Return the rows: each hook, its arguments, and the first sentence of what it is for."""
    rows = ["| hook | gets | is called |", "|---|---|---|"]
    for name in hookspecs.HOOKS:
        spec = getattr(hookspecs, name)
        arguments = ", ".join(f"`{argument}`" for argument in inspect.signature(spec).parameters)
        purpose = " ".join((inspect.getdoc(spec) or "").split("\n\n")[0].split()).replace("|", "\\|")
        rows.append(f"| `{name}` | {arguments} | {purpose} |")
    return "\n".join(rows) + "\n"


def main() -> int:
    """Write the page, or check it."""
    present = PAGE.read_text(encoding="utf-8")
    text = TABLE.sub(lambda match: match[1] + table() + match[2], present)
    if "--check" not in sys.argv[1:]:
        PAGE.write_text(text, encoding="utf-8")
        return 0
    if text == present:
        return 0
    print(f"{PAGE} is out of date: run python docs/make_hooks.py", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
