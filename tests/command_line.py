"""The command line as a test uses it: a run within this process, or a process of its own."""

from __future__ import annotations

import io
import json
import os
import runpy
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import click

from crm.cli.main import run

PROJECT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Result:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class _Pipe(io.TextIOWrapper):
    """A standard stream with a buffer of bytes, as a pipe has."""

    def __init__(self, text: str = "") -> None:
        super().__init__(io.BytesIO(text.encode()), encoding="utf-8", newline="")

    def text(self) -> str:
        self.flush()
        raw: bytes = self.buffer.getvalue()  # type: ignore[attr-defined]
        return raw.decode(errors="replace")


class CommandLine:
    """`crm -w ROOT …`, run within this process unless said otherwise; an unexpected exit code fails the test."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.user = "olga"

    def __call__(self, *words: object, stdin: str = "", user: str = "", code: int | None = 0) -> Result:
        arguments = ["-w", str(self.root), *(["--as", user] if user else []), *map(str, words)]
        return self.bare(*arguments, stdin=stdin, code=code)

    def bare(self, *words: object, stdin: str = "", code: int | None = 0) -> Result:
        """Run without `-w`."""
        out, err = _Pipe(), _Pipe()
        with redirect_stdout(out), redirect_stderr(err), mock.patch.object(sys, "stdin", _Pipe(stdin)):
            ended = run([str(word) for word in words])
        result = Result(ended, out.text(), err.text())
        assert code is None or ended == code, f"crm {' '.join(map(str, words))}: {result}"
        return result

    def ids(self, *words: object, **rest: Any) -> list[int]:
        """Return the ids that a command prints with `--ids`."""
        return [int(line) for line in self(*words, "--ids", **rest).lines]

    def show(self, ref: str) -> dict[str, Any]:
        """Return a record's JSON."""
        noun, _slash, number = ref.partition("/")
        doc: dict[str, Any] = self(noun, "show", number, "--json").json
        return doc

    def number(self) -> int:
        """Return the number of the last committed change."""
        rows = self("log", "--limit", 1, "--nl").lines
        return int(json.loads(rows[0])["n"]) if rows else 0

    def journal(self) -> bytes:
        """Return all of the journal."""
        return b"".join(path.read_bytes() for path in sorted((self.root / "data" / "journal").iterdir()))

    def process(
        self, *words: object, stdin: str = "", env: Mapping[str, str] | None = None, cwd: Path | None = None
    ) -> Result:
        """Run in a process of its own, within the workspace's folder."""
        done = subprocess.run(
            [sys.executable, "-m", "crm", *map(str, words)], input=stdin, capture_output=True, text=True,
            env=environment(env), cwd=cwd or self.root, timeout=300, check=False,
        )  # fmt: skip
        return Result(done.returncode, done.stdout, done.stderr)

    def shell(self, script: str) -> Result:
        """Run a shell script in the workspace's folder; `crm` is this program."""
        head = f'crm() {{ {sys.executable} -m crm "$@"; }}\nset -o pipefail\n'
        done = subprocess.run(
            ["bash", "-c", head + script], capture_output=True, text=True, env=environment({"CRM_USER": self.user}),
            cwd=self.root, timeout=120, check=False, preexec_fn=lambda: signal.signal(signal.SIGPIPE, signal.SIG_DFL),
        )  # fmt: skip
        return Result(done.returncode, done.stdout, done.stderr)


@dataclass(frozen=True)
class Command:
    """One command of the program: its words, and what click knows of it."""

    words: tuple[str, ...]
    command: click.Command
    context: click.Context

    @property
    def name(self) -> str:
        return " ".join(self.words)

    def has(self, *options: str) -> bool:
        return any(option in param.opts for param in self.command.params for option in options)


def every_command() -> list[Command]:
    """Return every command of the program as `docs/make_commands.py` finds them, the built-in plugins' too."""
    found = runpy.run_path(str(PROJECT / "docs" / "make_commands.py"))["every_command"]
    with mock.patch.dict(os.environ, {"CRM_PLUGINS": ""}):
        return [Command(*one) for one in found(PROJECT / "nowhere")]


def environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return an environment in which the program is found and nothing of the user's own is heard; "" removes."""
    own = {key: value for key, value in os.environ.items() if not key.startswith(("CRM_", "LC_", "LANG", "_CRM"))}
    paths = [str(PROJECT), *filter(None, [own.get("PYTHONPATH", "")])]
    fixed = {"PYTHONPATH": os.pathsep.join(paths), "CRM_PLUGINS": "", "CRM_USER": "olga", "CRM_LANG": "en"}
    return own | fixed | dict(more or {})
