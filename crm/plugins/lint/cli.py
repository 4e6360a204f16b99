"""`crm lint`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crm.cli.kit import App, form, option, print_rows, read_command, verb
from crm.errors import Refused
from crm.locale import N_, _
from crm.plugins.lint.judging import LEVELS

if TYPE_CHECKING:
    from crm.plugins.lint.judging import Finding


@verb(
    "lint",
    example="crm lint --baseline lint.json --level warning --json",
    help=N_(
        "Judge pipelines and data by rules. Ends with 5 when anything of --level or above is found that the baseline "
        "does not have."
    ),
)
@option("--rule", "names", multiple=True, metavar="RULE", help=N_("This rule alone; may be repeated."))
@option("--level", type=click.Choice(LEVELS), default="warning", help=N_("From this level on; warning by default."))
@option("--baseline", metavar="FILE", help=N_("Pass over what this file lists."))
@option("--write-baseline", "target", metavar="FILE", help=N_("List what is found now as known, in this file."))
@option("--rules", "listing", is_flag=True, help=N_("List the rules."))
@click.pass_obj
def _lint(
    app: App, /, names: tuple[str, ...], level: str, baseline: str | None, target: str | None, listing: bool
) -> None:
    """Print what the rules find."""
    from crm.plugins.lint.judging import judge, read_baseline, rules_of, severe, write_baseline

    if listing:
        rows = [one.plain() for one in rules_of(app.crm)]
        print_rows(["rule", "level", "title", "plugin"], rows, [_(one) for one in _RULE_TITLES])
        return
    known = read_baseline(Path(baseline)) if baseline else frozenset()
    found = severe(judge(app.crm, names), level)
    if target:
        write_baseline(Path(target), found)
        print(_("{file}: {n} findings are known from now on.").format(file=target, n=len(found)), file=sys.stderr)
        return
    fresh = [one for one in found if one.key not in known]
    print_rows(["level", "rule", "ref", "message"], [one.plain() for one in fresh], [_(one) for one in _TITLES])
    _conclude(fresh, len(found) - len(fresh))


def _conclude(fresh: list[Finding], known: int) -> None:
    if known:
        print(_("Known from the baseline: {n}.").format(n=known), file=sys.stderr)
    if fresh:
        raise Refused(_("Found: {n}.").format(n=len(fresh)), _("Mend it, or take it as known: --write-baseline FILE."))
    if not form():
        print(_("Nothing to find fault with."), file=sys.stderr)


_TITLES = (N_("Level"), N_("Rule"), N_("Record"), N_("What was found"))
_RULE_TITLES = (N_("Rule"), N_("Level"), N_("What it finds"), N_("Plugin"))

lint: click.Command = read_command(_lint)
