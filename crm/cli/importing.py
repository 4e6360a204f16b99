"""`crm import`: a file becomes records; the way it is taken is shown first, the bad rows are told by line."""

from __future__ import annotations

import csv
import gc
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from crm.cli.noun_options import dry_run_option
from crm.cli.output import form, option, output_options, print_json, verb
from crm.errors import CrmError, InvalidValue, NotFound
from crm.locale import N_, _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm.cli.app import App
    from crm.plugin_loading import Plugin
    from crm.sales.import_map import Plan
    from crm.sales.importing import Bad, Brought, Import, Outcome

SHOWN = 50
"""Bad rows that are listed on the screen; `--errors` writes them all."""
KEPT = 10_000
SOME_BAD = InvalidValue.exit_code
"""Exit code when rows were left out while the others are in."""

_HELP = N_("Read records from FILE (CSV, XLSX, JSON lines; - is stdin). Exit code 4 when rows were left out.")


@verb("import", example="crm import leads.csv --into lead --match phone --mode upsert --dry-run", help=_HELP)
@click.argument("file", metavar="FILE")
@option("--into", metavar="NOUN", help=N_("What the rows become; by default what the file is called after."))
@option("--map", "map_", metavar="MAP.yaml", help=N_("What the columns mean; by default what their headers say."))
@option("--match", metavar="FIELDS", help=N_("Fields that find what is there already: phone,email,inn,name,id."))
@option("--mode", metavar="create|update|upsert", help=N_("With --match: add new ones, change known ones, or both."))
@option("--as", "as_", metavar="FORMAT", help=N_("A format that a plugin reads: amocrm, bitrix24 …"))
@option("--encoding", metavar="NAME", help=N_("utf-8, cp1251, utf-16; by default found by the content."))
@option("--delimiter", metavar="SIGN", help=N_("By default found by the content."))
@option("--errors", metavar="FILE", help=N_("Write the rows that were left out to this file, with the reasons."))
@option("--yes", is_flag=True, help=N_("Do not ask."))
@output_options("json")
@dry_run_option
@click.pass_obj
def import_(app: App, /, file: str, as_: str | None, errors: str | None, yes: bool, **asked: str | None) -> None:
    """Import a file."""
    from crm.sales.importing import Import, Watcher

    with _opened(file) as source:
        name = "stdin" if file == "-" else Path(file).name
        job = Import(app.crm, source, name, _plan(asked), brought=_brought(app, as_) if as_ else None)
        if not asked["map_"] and not as_:
            _show_columns(job)
            if not yes and not app.dry_run and file != "-" and sys.stdin.isatty() and form() != "json":
                click.confirm(_("Take it in so?"), abort=True, err=True)
        if app.dry_run and form() != "json":
            _show_preview(job)
        gc.set_threshold(100_000)  # what a row makes is gone with its batch, so there is seldom anything to look for
        with _Errors(errors, job.headers) as bad:
            progress = _Progress()
            outcome = job.run(Watcher(on_bad=bad.take, on_progress=progress.show))
            progress.end()
            _report(app, outcome, bad)


@contextmanager
def _opened(file: str) -> Iterator[IO[bytes]]:
    if file == "-":
        with _spooled(sys.stdin.buffer) as spool:
            yield spool
        return
    try:
        opened = open(file, "rb")  # noqa: SIM115 - closed below
    except FileNotFoundError:
        raise NotFound(_("There is no file {file}.").format(file=file), _("Check the name and the rights.")) from None
    except OSError as error:
        raise NotFound(
            _("{file} cannot be read: {why}.").format(file=file, why=error.strerror),
            _("Check the name and the rights."),
        ) from error
    with opened, opened if opened.seekable() else _spooled(opened) as source:
        yield source


@contextmanager
def _spooled(stream: IO[bytes]) -> Iterator[IO[bytes]]:
    """Yield what comes through a pipe as a file that can be read again from its beginning."""
    from shutil import copyfileobj
    from tempfile import SpooledTemporaryFile

    with SpooledTemporaryFile(max_size=1 << 24) as spool:
        copyfileobj(stream, spool)
        yield spool


def _plan(asked: dict[str, str | None]) -> Plan:
    from dataclasses import replace

    from crm.sales.import_map import Plan, read_map

    plan = read_map(Path(asked["map_"])) if asked["map_"] else Plan()
    given: dict[str, Any] = {key: asked[key] for key in ("into", "mode", "encoding", "delimiter") if asked[key]}
    if asked["match"]:
        given["match"] = tuple(part.strip() for part in asked["match"].split(",") if part.strip())
    if given.get("delimiter") in ("\\t", "tab"):
        given["delimiter"] = "\t"
    return replace(plan, **given)


def _brought(app: App, name: str) -> Brought:
    known: list[str] = []
    for plugin, (label, target, _options) in app.crm.plugins.brought("register_importers"):
        if label == name:
            return _guarded(plugin, app.crm.plugins.contribution(plugin, "register_importers", label, target))
        known.append(label)
    raise NotFound(
        _("No plugin reads the format «{name}».").format(name=name),
        _("There are: {names}.").format(names=", ".join(known) or "—"),
    )


def _guarded(plugin: Plugin, read: Brought) -> Brought:
    def guarded(data: bytes) -> Iterator[Any]:
        from crm.plugin_loading import failed

        try:
            yield from read(data)
        except CrmError:
            raise
        except Exception as error:
            raise failed(plugin, "register_importers", error) from error

    return guarded


def _show_columns(job: Import) -> None:
    if job.brought is not None:
        return
    taken = [f"{header} → {targets[0].field}" for header, targets in job.plan.columns.items() if targets]
    print(f"{job.plan.into}: " + ", ".join(taken), file=sys.stderr)
    if job.ignored:
        print(_("Not taken: {names}.").format(names=", ".join(job.ignored)), file=sys.stderr)


def _show_preview(job: Import) -> None:
    from crm.cli.output import cell

    for line, fields in job.preview():
        shown = ", ".join(f"{name}={cell(value)}" for name, value in fields.items())
        print(_("line {line}: {fields}").format(line=line, fields=shown))


class _Errors:
    """The rows that were left out: kept for the screen, and written to the file that was asked for."""

    def __init__(self, file: str | None, headers: list[str]) -> None:
        self.kept: list[Bad] = []
        self.file = file
        self.headers = headers
        self._open: IO[str] | None = None

    def __enter__(self) -> _Errors:
        return self

    def __exit__(self, *_error: object) -> None:
        if self._open is not None:
            self._open.close()

    def take(self, bad: Bad) -> None:
        """Take in one bad row."""
        if len(self.kept) < KEPT:
            self.kept.append(bad)
        if self.file:
            if self._open is None:
                self._open = open(self.file, "w", encoding="utf-8-sig", newline="")  # noqa: SIM115 - closed on leaving
                csv.writer(self._open).writerow(["line", "reason", *self.headers])
            csv.writer(self._open).writerow([bad.line, bad.reason, *bad.cells])


class _Progress:
    """A line on stderr that says how far it is, once it takes longer than a second, on a terminal only."""

    def __init__(self) -> None:
        self.begun = time.monotonic()
        self.shown = False

    def show(self, part: float, outcome: Outcome) -> None:
        """Say how far it is."""
        if sys.stderr.isatty() and time.monotonic() - self.begun > 1:
            self.shown = True
            filled = "█" * int(part * 30)
            rows = _("{n} rows").format(n=outcome.rows)
            print(f"\r{filled:<30} {part:4.0%} {rows}", end="", file=sys.stderr, flush=True)

    def end(self) -> None:
        """Clear the line."""
        if self.shown:
            print("\r" + " " * 70 + "\r", end="", file=sys.stderr, flush=True)


def _report(app: App, outcome: Outcome, bad: _Errors) -> None:
    app.exit_code = SOME_BAD if outcome.bad else 0
    if form() == "json":
        numbers = {name: getattr(outcome, name) for name in ("rows", "created", "updated", "unchanged", "passed")}
        rows = [{"line": one.line, "reason": one.reason} for one in bad.kept]
        change = None if app.dry_run else outcome.number or None
        print_json({**numbers, "linked": outcome.linked, "bad": outcome.bad, "change": change, "errors": rows})
        return
    for one in bad.kept[:SHOWN]:
        print("crm: " + _("line {line}: {reason}").format(line=one.line, reason=one.reason), file=sys.stderr)
    if outcome.bad > SHOWN:
        print(
            "crm: " + _("… and {n} more; --errors FILE writes them all.").format(n=outcome.bad - SHOWN), file=sys.stderr
        )
    print(_summary(app, outcome))


def _summary(app: App, outcome: Outcome) -> str:
    parts = [
        _("added: {n}").format(n=outcome.created),
        _("changed: {n}").format(n=outcome.updated),
        _("as they were: {n}").format(n=outcome.unchanged),
        _("passed over: {n}").format(n=outcome.passed),
        _("added as links: {n}").format(n=outcome.linked),
        _("left out: {n}").format(n=outcome.bad),
    ]
    counts = (outcome.created, outcome.updated, outcome.unchanged, outcome.passed, outcome.linked, outcome.bad)
    said = ", ".join(part for part, count in zip(parts, counts, strict=True) if count) or _("no rows")
    if app.dry_run:
        return _("Would be: {what}; nothing was written.").format(what=said)
    undo = " " + _("Take it back: crm undo {n}").format(n=outcome.number) if outcome.number else ""
    return f"{said}.{undo}"
