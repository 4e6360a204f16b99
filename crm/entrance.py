"""The way in: finding the workspace, its format, who runs the program, and opening it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from crm.errors import Damaged, NotFound
from crm.locale import _, use_language
from crm.settings import Settings, load_settings

if TYPE_CHECKING:
    from crm.workspace import Workspace

FORMAT = 1
"""Version of the data's format that this program writes."""


def find_root(start: Path | str | None = None) -> Path:
    """Return the nearest folder upward with `config/crm.yaml`; raise NotFound, naming `crm init`."""
    folder = Path(start or ".").resolve()
    for candidate in (folder, *folder.parents):
        if (candidate / "config" / "crm.yaml").is_file():
            return candidate
    raise NotFound(_("There is no workspace in {folder}.").format(folder=folder), _("Make one: crm init"))


def written_format(root: Path) -> int | None:
    """Return the format that the data was written in, None where nothing says so; raise Damaged for no number."""
    path = root / "data" / "format"
    try:
        return int(path.read_text())
    except FileNotFoundError:
        return None
    except (ValueError, OSError):
        raise Damaged(
            _("{path} does not hold a number.").format(path=path),
            _("Restore it from a backup, or remove it if no other version of the program wrote here."),
        ) from None


def refuse_unknown_format(root: Path, settings: Settings) -> int | None:
    """Return the format of the data; raise Damaged when it was written by a newer program."""
    written = written_format(root)
    newest = max(written or 0, settings.account.format)
    if newest > FORMAT:
        raise Damaged(
            _("The data has format {n}, this program knows {known}.").format(n=newest, known=FORMAT),
            _("Upgrade the program: pip install --upgrade crm"),
        )
    return written


def bring_up(root: Path) -> bool:
    """Bring data of an older format up to this program's; return False where there is nothing to do."""
    written = written_format(root)
    if written is None or written >= FORMAT:
        return False
    from crm.migration import migrate

    migrate(root, FORMAT)
    return True


def open_workspace(
    folder: Path | str | None = None,
    *,
    actor: str | None = None,
    via: str = "python",
    language: str | None = None,
    mending: bool = False,
) -> Workspace:
    """Open the workspace at `folder`, or the nearest one upward, as `actor` (the OS login when None).

    Data of an older format is brought up first. `mending` opens what is damaged, for check, repair and rebuild alone.
    """
    root = Path(folder).resolve() if folder is not None else find_root()
    if not (root / "config" / "crm.yaml").is_file():
        root = find_root(root)
    from crm.workspace import Workspace

    bring_up(root)
    settings = load_settings(root)
    use_language(language or settings.language)
    return Workspace(root, actor or login(), via=via, settings=settings, mending=mending)


def login() -> str:
    """Return the login of whoever runs the program: CRM_USER, or the operating system's."""
    wished = os.environ.get("CRM_USER")
    if wished:
        return wished
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        if os.environ.get(name):
            return os.environ[name]
    try:
        return _system_login()
    except (ImportError, KeyError, OSError):
        return "user"


def _system_login() -> str:
    if os.name == "nt":
        import getpass

        return getpass.getuser()
    import pwd

    return pwd.getpwuid(os.getuid()).pw_name
