"""Making a workspace: `config/` with its comments, an empty `data/`, and its first user, who is the admin."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from crm.entrance import FORMAT, open_workspace
from crm.entrance import login as own_login
from crm.errors import InvalidValue
from crm.locale import _, use_language
from crm.settings_file import CURRENCIES, write_config
from crm.store import disk, identity
from crm.store.commit import utc_now
from crm.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable

    from crm.model.user import User

FOLDERS = ("journal", "tables", "files", "log")


def initialise(
    folder: Path | str,
    language: str = "en",
    currency: str = "",
    name: str = "",
    login: str = "",
    *,
    clock: Callable[[], str] = utc_now,
) -> Path:
    """Make a workspace in `folder` and return its root; `login` (the OS login when empty) becomes its admin.

    The currency is that of the language where none is given: RUB, UAH, USD; `clock` tells the time in UTC. Raises
    Refused for a workspace that is there already, InvalidValue for an unknown language or currency or an impossible
    login, OutsideFailed.
    """
    root, login = Path(folder).resolve(), login or own_login()
    currency = (currency or CURRENCIES.get(language, "")).upper()
    if currency:
        _refuse_unknown_currency(currency)
    _refuse_impossible_login(login)
    write_config(root, language, currency, name, login)
    use_language(language)
    with disk.explained(root):
        lay_out(root)
    with open_workspace(root, actor=login, language=language) as crm:
        crm.store.clock = clock
        from crm.delivery import Delivery

        Delivery(crm).start()
        add_admin(crm, login)
    return root


def add_admin(crm: Workspace, login: str) -> User:
    """Add the first user."""
    with crm.named("init"):
        return crm.users.add(name=login, login=login, role="admin")


def lay_out(root: Path) -> None:
    """Make what `data/` lacks of an empty workspace's; the note of its format comes last. Raises OSError."""
    data = root / "data"
    for name in FOLDERS:
        disk.make_folder(data / name)
    _write(data / "README.md", _readme())
    if not any((data / "journal").iterdir()):
        _write(data / identity.FILE, f"{uuid4().hex}\n")
    _write(data / "format", f"{FORMAT}\n")


def _write(path: Path, text: str) -> None:
    if not path.exists():
        beside = path.with_name(f".{path.name}.new")
        disk.write_new(beside, text.encode())
        disk.rename(beside, path)
        disk.flush_folder(path.parent)


def _readme() -> str:
    lines = (
        _("The records of this workspace; the program writes them."),
        _("journal/ is the truth: every change, in order. tables/ is the state, one record a line."),
        _("files/ holds attachments, log/ what went wrong, cache/ may be deleted at any time."),
        _("After an edit by hand: crm check --repair. A copy of the whole folder is a backup."),
    )
    return "\n\n".join(lines) + "\n"


def _refuse_unknown_currency(currency: str) -> None:
    from babel.numbers import list_currencies

    if currency not in list_currencies():
        raise InvalidValue(
            _("{currency} is not a currency.").format(currency=currency), _("Write three letters, such as RUB.")
        )


def _refuse_impossible_login(login: str) -> None:
    if any(sign.isspace() or sign in "/," for sign in login):
        raise InvalidValue(_("«{login}» cannot be a login.").format(login=login), _("Give one word: --as olga."))
