"""What commands of plugins are built with: the same options, output and bulk rules as those of the program."""

from __future__ import annotations

from crm.cli.app import App
from crm.cli.done import change_each, print_done
from crm.cli.noun_options import as_of_option, dry_run_option, read_command, read_edit, read_ids, write_command
from crm.cli.output import Option, Verb, form, option, print_json, print_rows, verb
from crm.cli.output import VerbGroup as ListingGroup

__all__ = [
    "App",
    "ListingGroup",
    "Option",
    "Verb",
    "as_of_option",
    "change_each",
    "dry_run_option",
    "form",
    "option",
    "print_done",
    "print_json",
    "print_rows",
    "read_command",
    "read_edit",
    "read_ids",
    "verb",
    "write_command",
]
