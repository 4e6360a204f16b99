"""Every exchange with 1C as a numbered file under `data/exchange/onec/`, and a log of what came of each."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from crm.errors import NotFound, OutsideFailed
from crm.locale import _

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

OUT, IN = "out", "in"
_LOG = "log.jsonl"


class Entry(NamedTuple):
    """What is known of an exchange: its way, with whom, of which numbers, how it ended, what was said."""

    n: int
    time: str
    way: str
    by: str
    form: str
    numbers: list[str]
    outcome: str
    said: list[str]


class Archive:
    """The kept exchanges of a workspace."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def last(self) -> int:
        """Return the highest number of a kept file, 0 where there is none."""
        names = [path.stem for path in self.folder.glob("*.xml")]
        return max([int(name) for name in names if name.isdecimal()], default=0)

    def path(self, n: int) -> Path:
        """Return where exchange `n` is kept."""
        return self.folder / f"{n}.xml"

    def read(self, n: int) -> bytes:
        """Return the file of an exchange; raise NotFound."""
        try:
            return self.path(n).read_bytes()
        except FileNotFoundError:
            raise NotFound(_("There is no exchange {n}.").format(n=n), _("See them: crm onec log.")) from None

    def keep(self, data: bytes, n: int | None = None) -> int:
        """Keep a file under the next number, or `n`; raise OutsideFailed where the disk does not take it."""
        number = n or self.last() + 1
        self.folder.mkdir(parents=True, exist_ok=True)
        write_whole(self.path(number), data)
        return number

    def note(
        self, n: int, way: str, by: str, form: str, numbers: Iterable[str], outcome: str, said: Iterable[str] = ()
    ) -> None:
        """Add to the log what came of exchange `n`; a later note of the same exchange counts."""
        time = datetime.now(UTC).isoformat(timespec="seconds")
        entry = Entry(n, time, way, by, form, list(numbers), outcome, list(said))
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / _LOG).open("a", encoding="utf-8") as log:
            log.write(json.dumps(entry._asdict(), ensure_ascii=False) + "\n")

    def entries(self) -> list[Entry]:
        """Return the exchanges, the newest first; a file that the log does not name is there too."""
        found = {n: Entry(n, "", OUT, "", "", [], "", []) for n in range(1, self.last() + 1) if self.path(n).exists()}
        for row in self._rows():
            found[row.n] = row._replace(time=found[row.n].time or row.time) if row.n in found else row
        return sorted(found.values(), key=lambda entry: -entry.n)

    def _rows(self) -> Iterable[Entry]:
        try:
            lines = (self.folder / _LOG).read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return
        for line in lines:
            try:
                yield Entry(**json.loads(line))
            except (ValueError, TypeError):
                continue  # a line that a crash cut off

    # --- small states --------------------------------------------------------------------------------------------

    def state(self, name: str) -> dict[str, Any]:
        """Return a small state of the exchange, empty where none is kept."""
        try:
            found: dict[str, Any] = json.loads((self.folder / f"{name}.json").read_bytes())
        except (FileNotFoundError, ValueError):
            return {}
        return found

    def set_state(self, name: str, state: dict[str, Any]) -> None:
        """Keep a small state; it holds secrets, so it is the owner's alone to read."""
        self.folder.mkdir(parents=True, exist_ok=True)
        data = json.dumps(state, ensure_ascii=False, indent=1, sort_keys=True).encode()
        write_whole(self.folder / f"{name}.json", data, mode=0o600)


def write_whole(path: Path, data: bytes, mode: int = 0o666) -> None:
    """Write a file so that it is there whole or not at all; raise OutsideFailed naming it."""
    written = path.with_name(f".{path.name}.part")
    try:
        with os.fdopen(os.open(written, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        written.replace(path)
    except OSError as error:
        raise OutsideFailed(
            _("{path} cannot be written: {why}.").format(path=path, why=error.strerror),
            _("Choose another place with -o."),
        ) from error
