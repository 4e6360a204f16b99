"""The table of commands: where each is, in which section of the help, and what it does in a few words."""

from __future__ import annotations

from crm.locale import N_

_WORK, _NOUNS, _HISTORY = N_("Daily work"), N_("Records"), N_("History")
_CARE, _EXCHANGE, _PROGRAM = N_("Care of the data"), N_("Exchange"), N_("Program")

COMMANDS: dict[str, tuple[str, str, str]] = {
    "lead": ("", _NOUNS, N_("Leads: requests that came in")),
    "contact": ("", _NOUNS, N_("Contacts: people")),
    "company": ("", _NOUNS, N_("Companies: legal entities and sole traders")),
    "deal": ("", _NOUNS, N_("Deals: sales on their way")),
    "activity": ("", _NOUNS, N_("Activities: calls, meetings, letters, tasks")),
    "product": ("", _NOUNS, N_("Products and services")),
    "user": ("", _NOUNS, N_("People of the team")),
    "init": ("crm.cli.init:init", _WORK, N_("Make a workspace")),
    "accept": ("crm.cli.accept:accept", _WORK, N_("Take a request: find the client or add a lead")),
    "my": ("crm.cli.my:my", _WORK, N_("What is to be done")),
    "calendar": ("crm.cli.my:calendar", _WORK, N_("The load by day")),
    "find": ("crm.cli.find:find", _WORK, N_("Search over everything")),
    "tick": ("crm.cli.tick:tick", _WORK, N_("Do what is due by the clock; for cron")),
    "pipeline": ("crm.cli.pipeline:pipeline", _WORK, N_("Pipelines and their stages")),
    "console": ("crm.cli.console:console", _WORK, N_("Open the console in the browser")),
    "import": ("crm.cli.importing:import_", _EXCHANGE, N_("Read records from a file")),
    "export": ("crm.cli.exporting:export", _EXCHANGE, N_("Write records to a file")),
    "log": ("crm.cli.history:log", _HISTORY, N_("Show who changed what")),
    "undo": ("crm.cli.history:undo_", _HISTORY, N_("Take back the last change, or any")),
    "redo": ("crm.cli.history:redo_", _HISTORY, N_("Do again what was undone")),
    "diff": ("crm.cli.history:diff_", _HISTORY, N_("Compare two moments")),
    "trash": ("crm.cli.trash:trash", _HISTORY, N_("What was deleted, for 30 days")),
    "duplicates": ("crm.cli.duplicates:duplicates", _CARE, N_("Who is in the data twice, and why it seems so")),
    "forget": ("crm.cli.forget:forget", _CARE, N_("Erase a person everywhere, the journal included")),
    "check": ("crm.cli.care:check", _CARE, N_("Check that the data is whole")),
    "doctor": ("crm.cli.care:doctor", _CARE, N_("Check the data, the settings, the plugins and this machine")),
    "backup": ("crm.cli.care:backup", _CARE, N_("Write the workspace to one file")),
    "restore": ("crm.cli.care:restore", _CARE, N_("Make a workspace from a backup")),
    "rebuild": ("crm.cli.care:rebuild", _CARE, N_("Write tables and index anew from the journal")),
    "plugin": ("crm.cli.plugin:plugin", _PROGRAM, N_("Plugins: list, switch on and off, write one and try it out")),
    "events": ("crm.cli.plugin:events", _PROGRAM, N_("Events on their way to plugins")),
    "completion": ("crm.cli.completion:completion", _PROGRAM, N_("Completion for bash, zsh or fish")),
}
"""Commands in the order of the help: name → (place, section, purpose); a noun's group is made from its fields."""

NOUN_VERBS: dict[str, str] = {
    "lead": "crm.cli.lead:VERBS",
    "contact": "crm.cli.client:CONTACT_VERBS",
    "company": "crm.cli.client:COMPANY_VERBS",
    "deal": "crm.cli.deal:VERBS",
    "activity": "crm.cli.activity:VERBS",
    "product": "",
    "user": "crm.cli.user:VERBS",
}
"""Where the verbs of a noun are that other nouns do not have."""
