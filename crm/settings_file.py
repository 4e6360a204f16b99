"""Writing `config/`: the files of a new workspace, and a change of one value that keeps the comments.

Reading is `crm/settings.py`; what a value may be is judged there before a file is replaced.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path
from typing import Any

from crm.errors import Conflict, InvalidValue, OutsideFailed, Refused
from crm.locale import _
from crm.settings import Settings, config_file, config_names, defaults_folder, load_settings
from crm.settings_editing import Keys, edited, put, walk
from crm.store.disk import explained
from crm.store.lock import locked

CURRENCIES = {"ru": "RUB", "uk": "UAH", "en": "USD"}
COUNTRIES = {"RUB": "RU", "UAH": "UA", "ru": "RU", "uk": "UA", "en": "US"}
TIME_ZONES = {"ru": "Europe/Moscow", "uk": "Europe/Kyiv"}


def write_config(root: Path, language: str, currency: str = "", name: str = "", login: str = "") -> list[Path]:
    """Write the files of a new workspace into `root/config/` and return them.

    Country and time zone follow the currency and the language; an empty currency is the language's own; `login`
    becomes the default owner. Raises Refused where there is a workspace, InvalidValue, OutsideFailed.
    """
    config = root / "config"
    if (config / "crm.yaml").exists():
        raise Refused(
            _("{folder} is a workspace already.").format(folder=root), _("Choose another folder for the new one.")
        )
    values = _first_values(language, currency.upper(), name, login)
    try:
        config.mkdir(parents=True, exist_ok=True)
        return [_copy(file, config, values) for file in sorted(defaults_folder().glob("*.yaml"))]
    except OSError as error:
        raise _unwritable(config, error) from error


def _first_values(language: str, currency: str, name: str, login: str) -> dict[str, str]:
    if language not in CURRENCIES:
        raise InvalidValue(
            _("There is no language «{language}».").format(language=language),
            _("Choose one of: {languages}.").format(languages="ru, uk, en"),
        )
    currency = currency or CURRENCIES[language]
    if not re.fullmatch("[A-Z]{3}", currency):
        raise InvalidValue(
            _("{currency} is not a currency.").format(currency=currency), _("Write three letters, such as RUB.")
        )
    return {
        "name": json.dumps(name, ensure_ascii=False),
        "language": language,
        "currency": currency,
        "country": COUNTRIES.get(currency, COUNTRIES[language]),
        "time_zone": TIME_ZONES.get(language, "UTC"),
        "default_owner": json.dumps(login, ensure_ascii=False),
    }


def _copy(file: Path, folder: Path, values: dict[str, str]) -> Path:
    text = file.read_text(encoding="utf-8")
    if file.name == "crm.yaml":
        for key, value in values.items():
            text = _put(text, key, value)
    copy = folder / file.name
    _replace(copy, text)
    return copy


def _put(text: str, key: str, value: str) -> str:
    """Set a top-level scalar, keeping the comment behind it in its column."""

    def changed(match: re.Match[str]) -> str:
        comment = match["comment"]
        width = len(match[0]) - len(comment)
        return f"{key}: {value}".ljust(width - 1) + " " + comment if comment else f"{key}: {value}"

    return re.sub(rf"^{key}:[^\n#]*(?P<comment>#.*)?$", changed, text, count=1, flags=re.MULTILINE)


def change_setting(path: Path, keys: Keys, value: object) -> Settings:
    """Set the value at `keys` in a file of `config/`, keep its comments, and return the settings now in force.

    A key of a list is a position from 0 or the id of an item; an id that is not there, as the last key, adds
    `value` to the list. None removes. Nothing is saved unless the settings stay valid: raises InvalidValue;
    OutsideFailed where the file cannot be written.
    """
    return _change(path, lambda document: put(document, keys, value))


def change_settings(
    path: Path, changes: Sequence[tuple[Keys, object]], shape: type[Any] | None = None, seal: str = ""
) -> Settings:
    """Make several changes of a file of `config/` as one; `shape` and `seal` as in save_text, see change_setting."""

    def change(document: Any) -> None:
        for keys, value in changes:
            put(document, keys, value)

    return _change(path, change, shape, seal)


def save_text(path: Path, text: str, shape: type[Any] | None = None, seal: str = "") -> Settings:
    """Replace a file of `config/` by a text that a person wrote, unless the settings would not be valid.

    `shape` is what a plugin declares for that file, `seal` the `sealed` of the file that the person saw. Raises
    InvalidValue, naming file and line; Conflict where the file is another by now; OutsideFailed where it cannot be
    written.
    """
    with _alone(path, seal):
        return _save(path, text if text.endswith("\n") else f"{text}\n", shape)


def sealed(path: Path) -> str:
    """Return the seal of a file of `config/`: another one once its text is another."""
    return blake2b(_text(path).encode(), digest_size=8).hexdigest()


def check_seal(path: Path, seal: str) -> None:
    """Raise Conflict where the file is not the one that was sealed."""
    if sealed(path) != seal:
        raise _changed(path)


def _changed(path: Path) -> Conflict:
    return Conflict(_("{name}.yaml was changed meanwhile.").format(name=path.stem), _("Open it again and repeat."))


def reorder_items(path: Path, keys: Keys, order: list[str]) -> Settings:
    """Put the items of the list at `keys` into the order of their ids or names; otherwise as change_setting.

    Raises Conflict where the list has other items than `order`.
    """

    def reorder(document: Any) -> None:
        items = walk(document, keys)
        by_id = {item.get("id", item.get("name")): item for item in items}
        if by_id.keys() != set(order):
            raise _changed(path)
        items[:] = [by_id[name] for name in order]

    return _change(path, reorder)


def _change(path: Path, change: Callable[[Any], None], shape: type[Any] | None = None, seal: str = "") -> Settings:
    with _alone(path, seal):
        return _save(path, edited(_text(path), change, path), shape)


@contextmanager
def _alone(path: Path, seal: str) -> Iterator[None]:
    """Keep other writers of the settings out from the reading of a file until it is replaced."""
    lock = path.parent.parent / "data" / ".settings"
    with explained(lock):
        lock.parent.mkdir(exist_ok=True)
    with locked(lock, holder=f"config/{path.name}"):
        if seal:
            check_seal(path, seal)
        yield


def _text(path: Path) -> str:
    present = config_file(path.parent.parent, path.stem)
    return present.read_text(encoding="utf-8-sig") if present.exists() else ""


def _save(path: Path, text: str, shape: type[Any] | None = None) -> Settings:
    from crm.settings_check import check
    from crm.settings_reading import plain, read_plain

    root, name = path.parent.parent, path.stem
    data = {one: read_plain(config_file(root, one)) for one in config_names(root) if one != name}
    drafted = Settings(root, data | {name: plain(text, path)}, drafts={name: text})
    check(drafted)
    if shape is not None:
        drafted.section(name, shape)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _replace(path, text)
    except OSError as error:
        raise _unwritable(path, error) from error
    return load_settings(root)


def _replace(path: Path, text: str) -> None:
    descriptor, beside = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with open(descriptor, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(beside).chmod(_mode(path))
        Path(beside).replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            Path(beside).unlink()
        raise


def _mode(path: Path) -> int:
    """Return the rights of a file that is replaced, those that the user gives new files where there is none."""
    try:
        return path.stat().st_mode & 0o777
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask


def _unwritable(path: Path, error: OSError) -> OutsideFailed:
    return OutsideFailed(
        _("{file} cannot be written: {reason}.").format(file=path, reason=error.strerror), _("Check its rights.")
    )
