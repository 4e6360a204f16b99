"""A new workspace: its folders, its settings, its first user."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from crm.errors import InvalidValue, Refused
from crm.locale import LANGUAGES, _
from crm.store.disk import explained

if TYPE_CHECKING:
    from pathlib import Path

FOLDERS = ("journal", "tables", "files", "log", "cache")


def initialise(folder: Path, language: str, currency: str, name: str, login: str) -> Path:
    """Make a workspace in `folder` with `login` as its first admin, and return the folder.

    Raise Refused where there is a workspace already, InvalidValue for an unknown language or currency.
    """
    if (folder / "config" / "crm.yaml").exists():
        raise Refused(_("{folder} is a workspace already.").format(folder=folder), _("Choose another folder."))
    if language not in LANGUAGES:
        raise InvalidValue(
            _("There is no language «{language}».").format(language=language),
            _("Choose one of: {languages}.").format(languages=", ".join(LANGUAGES)),
        )
    from crm.model.money import check_currency
    from crm.settings_file import write_config

    code = check_currency(currency)
    with explained(folder):
        for part in FOLDERS:
            (folder / "data" / part).mkdir(parents=True, exist_ok=True)
        write_config(folder, language, code, name, login)
        (folder / "data" / "workspace-id").write_text(uuid.uuid4().hex + "\n")
        (folder / "data" / "format").write_text("1\n")
    _begin(folder, login)
    return folder


def _begin(folder: Path, login: str) -> None:
    from crm.delivery import Delivery
    from crm.workspace import open_workspace

    with open_workspace(folder, actor=login, via="cli") as crm:
        Delivery(crm).start()
        with crm.named("init"):
            crm.users.add(name=login, login=login, role="admin")
