"""One run of the command line: the workspace it opens, who acts, and how it ends."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crm.errors import CrmError, NotFound, WrongUsage
from crm.locale import LANGUAGES, _, use_language

if TYPE_CHECKING:
    from collections.abc import Iterator

    import click

    from crm.plugin_loading import Plugin, Plugins
    from crm.sales.noun import Noun
    from crm.settings import Settings
    from crm.workspace import Workspace


class App:
    """What a command needs to know of its run; everything is found when it is first asked for."""

    def __init__(self) -> None:
        self.folder = ""
        self.actor = ""
        self.language = ""
        self.as_of = ""
        self.dry_run = False
        self.completing = False
        self.exit_code = 0
        self.warnings: list[str] = []

    @cached_property
    def root(self) -> Path:
        """Return the workspace's folder; raise NotFound, naming `crm init`."""
        from crm.entrance import find_root

        named = self.folder or os.environ.get("CRM_HOME", "")
        if not named:
            return find_root()
        folder = Path(named).resolve()
        if not (folder / "config" / "crm.yaml").is_file():
            raise NotFound(
                _("There is no workspace in {folder}.").format(folder=folder),
                _("Make one: crm init {folder}").format(folder=named),
            )
        return folder

    @cached_property
    def settings(self) -> Settings:
        """Return the workspace's settings."""
        from crm.settings import load_settings

        return load_settings(self.root)

    @property
    def language_code(self) -> str:
        """Return the language of messages: --lang, CRM_LANG, the workspace's, the system's; raise WrongUsage."""
        if self.language and self.language[:2].lower() not in LANGUAGES:
            use_language(self._usual_language)
            raise WrongUsage(
                _("There is no language «{language}».").format(language=self.language),
                _("Choose one of: {languages}.").format(languages=", ".join(LANGUAGES)),
            )
        return self.language[:2].lower() or self._usual_language

    @property
    def _usual_language(self) -> str:
        wished = os.environ.get("CRM_LANG", "")[:2].lower()
        if wished in LANGUAGES:
            return wished
        with suppress(CrmError):
            return self.settings.language
        system = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
        return system[:2] if system[:2] in LANGUAGES else "en"

    @cached_property
    def present(self) -> Workspace:
        """Return the workspace as it is now, for the actor."""
        from crm.entrance import login
        from crm.workspace import Workspace

        return Workspace(self.root, self.actor or login(), via="cli", settings=self.settings)

    @cached_property
    def mending(self) -> Workspace:
        """Return the workspace although it may be damaged, for the commands that check and mend it."""
        from crm.entrance import login
        from crm.workspace import Workspace

        return Workspace(self.root, self.actor or login(), via="cli", settings=self.settings, mending=True)

    @cached_property
    def crm(self) -> Workspace:
        """Return the workspace, or its past when `--as-of` names a moment.

        What a crash left undelivered is delivered; with `--dry-run` nothing will be committed.
        """
        self.present.dry_run = self.dry_run
        if self.as_of:
            return self.present.at(self.as_of)
        if not self.dry_run:
            self.present.deliver_pending()
        return self.present

    @cached_property
    def plugins(self) -> Plugins:
        """Return the plugins, of the workspace or, outside of one, of this installation."""
        from crm.plugin_loading import Plugins

        if "present" in self.__dict__:
            return self.present.plugins
        try:
            return Plugins(self.root, self.settings.account.plugins.disabled)
        except CrmError:
            return Plugins(None)

    def noun(self, name: str) -> Noun | None:
        """Return a noun of the workspace, or of the program where there is no workspace; None for an unknown one."""
        try:
            return self.present.nouns.get(name)
        except NotFound:
            return _bare_noun(self.plugins, name)

    # --- commands of plugins -----------------------------------------------------------------------------------------

    def plugin_commands(self) -> dict[str, str]:
        """Return the commands that plugins bring, with their purpose."""
        commands = {}
        from crm.cli.catalogue import COMMANDS

        for plugin, (name, _target, options) in self.plugins.brought("register_commands"):
            if COMMANDS.get(name, ("",))[0]:
                self._tell_clash(name, "crm", plugin)
                continue
            commands[name] = str(options.get("help", "")).strip().split("\n")[0]
        return commands

    def noun_or_plugin_command(self, name: str) -> click.Command | None:
        """Return the group of a noun, with what plugins add to it, or a plugin's command."""
        noun = self.noun(name)
        if noun is not None:
            from crm.cli.nouns import NounGroup

            return NounGroup(self, noun)
        for _plugin, found in self._brought(name):
            return found  # type: ignore[no-any-return]
        return None

    def noun_verbs(self, name: str) -> dict[str, Any]:
        """Return the verbs that a noun has beyond those of every noun."""
        from crm.cli.catalogue import NOUN_VERBS

        verbs: dict[str, Any] = {}
        if NOUN_VERBS.get(name):
            verbs |= _imported(NOUN_VERBS[name])
        owners = dict.fromkeys(verbs, "crm")
        for plugin, found in self._brought(name):
            for verb, command in (found if isinstance(found, dict) else getattr(found, "commands", {})).items():
                owner = owners.setdefault(verb, self._owner_of_verb(name, verb, plugin))
                if owner == plugin.name:
                    verbs[verb] = command
                else:
                    self._tell_clash(f"{name} {verb}", owner, plugin)
        return verbs

    def _owner_of_verb(self, name: str, verb: str, plugin: Plugin) -> str:
        """Return who owns a verb that nobody has brought yet: those of every noun are the noun's own."""
        from crm.cli.nouns import STANDARD

        noun = self.noun(name)
        return noun.plugin if verb in STANDARD and noun is not None else plugin.name

    def _tell_clash(self, command: str, owner: str, plugin: Plugin) -> None:
        self.warnings.append(
            _("«{command}» of the plugin «{other}» ({origin}) is left out: «{owner}» brings it.").format(
                command=command, other=plugin.name, origin=plugin.origin, owner=owner
            )
        )

    def _brought(self, name: str) -> Iterator[tuple[Plugin, Any]]:
        """Yield (plugin, command or verbs) for what plugins bring under a name; a broken one is named and left out."""
        for plugin, (command, target, _options) in self.plugins.brought("register_commands"):
            if command != name:
                continue
            if plugin.built_in:
                yield plugin, _imported(target)
                continue
            from crm.cli.guarding import guarded

            try:
                found = self.plugins.contribution(plugin, "register_commands", name, target)
                yield plugin, guarded(plugin, found)
            except (Exception, SystemExit) as error:
                plugin.error = f"{type(error).__name__}: {error}".splitlines()[0]

    def imported_command(self, target: str) -> click.Command:
        """Import a command from its place."""
        found: click.Command = _imported(target)
        return found

    # --- the end -----------------------------------------------------------------------------------------------------

    def close(self, code: int, *, leaving: bool = False) -> int:
        """Say the warnings, close what was opened unless the process ends anyway, and return the exit code."""
        if "plugins" in self.__dict__ or "present" in self.__dict__:
            self._warn()
        if "present" in self.__dict__ and not leaving:
            self.present.close()
        return code

    def _warn(self) -> None:
        warnings = self.warnings + (self.present.warnings if "present" in self.__dict__ else [])
        for plugin in self.plugins.all.values():
            if plugin.error and not plugin.disabled:
                warnings.append(
                    _("The plugin «{name}» ({origin}) is broken and was left out: {why}.").format(
                        name=plugin.name, origin=plugin.origin, why=plugin.error.rstrip(".")
                    )
                    + " "
                    + _("Switch it off with: crm plugin disable {name}.").format(name=plugin.name)
                )
        for warning in dict.fromkeys(warnings):
            print(f"crm: {warning}", file=sys.stderr)

    def log_bug(self, error: BaseException) -> int:
        """Write the traceback of a bug to the workspace's log and say where; return 1."""
        import traceback

        place = "stderr"
        text = "".join(traceback.format_exception(error))
        try:
            folder = self.root / "data" / "log"
            folder.mkdir(parents=True, exist_ok=True)
            with open(folder / "crm.log", "a", encoding="utf-8") as log:
                log.write(text + "\n")
            place = "data/log/crm.log"
        except (OSError, CrmError):
            sys.stderr.write(text)
        name = f"{type(error).__name__}: {error}".splitlines()[0][:200]
        print(
            "crm: " + _("This is a bug: {name}. The details are in {place}.").format(name=name, place=place),
            file=sys.stderr,
        )
        return 1


def _imported(target: str) -> Any:
    from importlib import import_module

    module, _colon, name = target.partition(":")
    return getattr(import_module(module), name)


def _bare_noun(plugins: Plugins, name: str) -> Noun | None:
    from crm.registry import bare_nouns

    return bare_nouns(plugins).get(name)
