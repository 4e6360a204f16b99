"""A file of one's own becomes records: chosen or pasted, its columns named, tried without writing, then taken in."""

from __future__ import annotations

import re
import time
from hashlib import blake2b
from typing import IO, TYPE_CHECKING, NamedTuple

from crm.console.controls import control, options
from crm.console.import_formats import PREFIX, formats, take_whole
from crm.console.lists import IMPORTED
from crm.console.routes import action, page
from crm.console.uploads import upload
from crm.console.visit import Done, Plain, View
from crm.errors import CrmError, InvalidValue, NotFound
from crm.locale import _, ngettext
from crm.model.field_lists import Refs
from crm.model.field_parts import Items, Parts
from crm.model.fields import Ref
from crm.sales.import_map import Plan, Target, known_headers, with_guesses
from crm.sales.import_rows import open_sheet
from crm.sales.importing import Bad, Import, Outcome, Watcher

if TYPE_CHECKING:
    from pathlib import Path

    from crm.console.visit import Answer, Context, Visit
    from crm.sales.noun import Noun

_MATCHES = {"contact": "phone,email", "company": "inn,name", "product": "sku,name", "lead": "phone,email"}
_TOKEN = re.compile("[0-9a-f]{32}")
_DAY = 24 * 3600
SAMPLES, SHOWN_BAD = 3, 20
_progress: dict[str, float] = {}
"""How far each import of this console is, from 0 to 1."""


class Kept(NamedTuple):
    """A file that waits to be taken in."""

    token: str
    path: Path


def _folder(visit: Visit) -> Path:
    return visit.crm.root / "data" / "cache" / "imports"


def _keep(visit: Visit, data: bytes) -> Kept:
    """Keep a file until it is taken in; what nobody took for a day goes."""
    folder = _folder(visit)
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        if old.stat().st_mtime < time.time() - _DAY:
            old.unlink(missing_ok=True)
    token = blake2b(visit.crm.actor.encode() + data, digest_size=16).hexdigest()
    (folder / token).write_bytes(data)
    return Kept(token, folder / token)


def _kept(visit: Visit, token: str) -> Kept:
    path = _folder(visit) / token
    if not _TOKEN.fullmatch(token) or not path.exists():
        raise NotFound(_("The file is not here any more."), _("Choose it again."))
    return Kept(token, path)


def _nouns(visit: Visit) -> list[Noun]:
    nouns = [visit.crm.nouns[name] for name in IMPORTED if name in visit.crm.nouns]
    return [noun for noun in nouns if visit.crm.guard.may("create", noun.name, None)]


# --- the file ---------------------------------------------------------------------------------------------------------


@page("/import")
def choose(visit: Visit) -> View:
    """Ask for the file and for what its rows are."""
    return _choose(visit, "")


def _choose(visit: Visit, failure: str) -> View:
    nouns = [*((noun.name, noun.entity.many()) for noun in _nouns(visit)), *formats(visit)]
    kind = control(
        "noun", _("What the rows are"), "select", options=options(nouns, list(filter(None, [visit.query.get("noun")])))
    )
    shown: Context = {
        "action": visit.url.import_(), "noun": kind, "failure": failure, "back": visit.back(visit.url.home()),
    }  # fmt: skip
    status = 422 if failure else 200
    return View("import.html", _("Import"), "", {"choice": shown}, {"nouns": [name for name, _title in nouns]}, status)


@action("/import")
def take_file(visit: Visit) -> Answer:
    """Keep the file that was chosen, or the rows that were pasted, and go on to its columns."""
    given = upload(visit)
    noun = str(given.get("noun") or "")
    if noun.startswith(PREFIX):
        return _whole(visit, noun, given.get("file"))
    if noun not in [one.name for one in _nouns(visit)]:
        raise InvalidValue(_("What the rows are is not said."), _("Choose it."))
    data = given.get("file") or str(given.get("pasted") or "").encode()
    if not isinstance(data, bytes) or not data.strip():
        return _choose(visit, _("Choose a file, or paste rows of a table."))
    kept = _keep(visit, data)
    try:
        with kept.path.open("rb") as file:
            open_sheet(file)
    except CrmError as error:
        kept.path.unlink(missing_ok=True)
        return _choose(visit, str(error))
    return Done("", visit.url.import_(kept.token, noun=noun))


def _whole(visit: Visit, wanted: str, data: object) -> Answer:
    """Take in a file of another program, which a plugin reads."""
    if not isinstance(data, bytes) or not data:
        return _choose(visit, _("Choose a file."))
    try:
        outcome = take_whole(visit, wanted, data)
    except CrmError as error:
        return _choose(visit, str(error))
    return Done(_summary(outcome), visit.url.import_())


# --- its columns ------------------------------------------------------------------------------------------------------


@page("/import/<token:re:[0-9a-f]+>")
def columns(visit: Visit, token: str) -> View:
    """Show the columns of a file with what each seems to be."""
    noun = _noun(visit, visit.query.get("noun"))
    return _columns(visit, _kept(visit, token), noun, None, "")


def _noun(visit: Visit, name: str) -> Noun:
    visit.crm.guard.check("create", name, None)
    if name not in visit.crm.nouns:
        raise NotFound(_("There is no noun «{noun}».").format(noun=name), _("Look in the menu."))
    return visit.crm.nouns[name]


def _guesses(noun: Noun, headers: list[str]) -> dict[str, str]:
    try:
        plan = with_guesses(Plan(into=noun.name), noun, headers)
    except InvalidValue:  # no header means anything: all is to be chosen
        return {}
    return {header: targets[0].field for header, targets in plan.columns.items() if targets}


def _targets(noun: Noun) -> list[tuple[str, str]]:
    """Return what a column may be, with titles: fields that people write, and their parts."""
    found = []
    for name, field in noun.fields.items():
        if isinstance(field, Parts):
            found += [(f"{name}.{part}", f"{field.label}: {_(title)}") for part, title in field.parts.items()]
        elif not isinstance(field, Items):
            found.append((name, field.label))
    return found


def _columns(visit: Visit, kept: Kept, noun: Noun, outcome: Context | None, failure: str) -> View:
    with kept.path.open("rb") as file:
        sheet = open_sheet(file)
        samples = [row.cells for row, _n in zip(sheet.rows, range(SAMPLES), strict=False)]
        headers = list(sheet.headers)
    guessed = _guesses(noun, headers)
    listed = _targets(noun)
    rows = []
    for place, header in enumerate(headers):
        chosen = visit.form.get(f"column.{place}") if visit.form.pairs else guessed.get(header, "")
        field = control(f"column.{place}", header, "select", options=options(listed, [chosen] if chosen else [], "—"))
        texts = [str(cells[place]) for cells in samples if place < len(cells) and cells[place] not in (None, "")]
        rows.append({"header": header, "samples": " · ".join(texts), "field": field})
    ways = [
        ("create", _("Add every row")),
        ("upsert", _("Bring known ones up to date, add the others")),
        ("update", _("Bring known ones up to date, leave the others out")),
    ]
    way = list(filter(None, [visit.form.get("way")]))
    shown: Context = {
        "title": _("Columns: {noun}").format(noun=noun.entity.many()), "action": visit.url.import_(kept.token),
        "noun": noun.name, "rows": rows, "failure": failure, "outcome": outcome, "back": visit.url.import_(),
        "way": control("way", _("What is known already"), "select", options=options(ways, way)),
        "known_by": _MATCHES.get(noun.name, ""), "progress": visit.url.import_(kept.token) + "/progress.json",
    }  # fmt: skip
    data = {"columns": {row["header"]: guessed.get(str(row["header"]), "") for row in rows}}
    return View("import_columns.html", shown["title"], noun.plural, {"columns": shown}, data, 422 if failure else 200)


# --- taking it in -----------------------------------------------------------------------------------------------------


@page("/import/<token:re:[0-9a-f]+>/progress")
def progress(_visit: Visit, token: str) -> Plain:
    """Tell how far an import is, from 0 to 1."""
    return Plain({"done": _progress.get(token, 0.0)})


@action("/import/<token:re:[0-9a-f]+>")
def take_in(visit: Visit, token: str) -> Answer:
    """Try the import without writing, or take the rows in; those that do not fit are listed by line."""
    kept, noun = _kept(visit, token), _noun(visit, visit.form.get("noun"))
    tried = visit.form.get("do") == "try"
    bad: list[Bad] = []
    try:
        with kept.path.open("rb") as file:
            outcome = _run(visit, kept, Import(visit.crm, file, f"{noun.plural}", _plan(visit, noun, file)), bad, tried)
    except CrmError as error:
        return _columns(visit, kept, noun, None, str(error))
    if tried or outcome.bad:
        return _columns(visit, kept, noun, _told(visit, noun, outcome, bad, tried), "")
    kept.path.unlink(missing_ok=True)
    return Done(_summary(outcome), visit.url.list(noun.name))


def _plan(visit: Visit, noun: Noun, file: IO[bytes]) -> Plan:
    headers = open_sheet(file).headers
    chosen = {header: visit.form.get(f"column.{place}") for place, header in enumerate(headers)}
    if not any(chosen.values()):
        raise InvalidValue(_("Nothing is taken from the file."), _("Say of one column at least what it is."))
    columns_ = {header: (_target(noun, name),) for header, name in chosen.items() if name}
    way = visit.form.get("way") if visit.form.get("way") in ("upsert", "update") else "create"
    match = _MATCHES.get(noun.name, "") if way != "create" else ""
    known = set(known_headers(noun).values()) | {"phone", "email", "inn"}
    fields = tuple(name for name in match.split(",") if name and name in known)
    return Plan(into=noun.name, match=fields, mode=way if fields else "create", columns=columns_)


def _target(noun: Noun, name: str) -> Target:
    field, _part = noun.field(name)
    return Target(name, create=isinstance(field, Ref | Refs) and field.kind in ("company", "contact"))


def _run(visit: Visit, kept: Kept, job: Import, bad: list[Bad], tried: bool) -> Outcome:
    def note(part: float, _outcome: Outcome) -> None:
        _progress[kept.token] = part

    visit.crm.dry_run = tried
    try:
        return job.run(Watcher(on_bad=bad.append, on_progress=note))
    finally:
        visit.crm.dry_run = False
        _progress.pop(kept.token, None)


def _summary(outcome: Outcome) -> str:
    n = outcome.created
    parts = [ngettext("{n} record is added", "{n} records are added", n).format(n=n)]
    if outcome.updated:
        parts.append(_("brought up to date: {n}").format(n=outcome.updated))
    if outcome.linked:
        parts.append(_("linked records added: {n}").format(n=outcome.linked))
    if outcome.passed or outcome.unchanged:
        parts.append(_("there already: {n}").format(n=outcome.passed + outcome.unchanged))
    return ", ".join(parts)


def _told(visit: Visit, noun: Noun, outcome: Outcome, bad: list[Bad], tried: bool) -> Context:
    rest = len(bad) - SHOWN_BAD
    return {
        "tried": tried,
        "text": _summary(outcome),
        "bad": [{"line": str(one.line), "reason": one.reason} for one in bad[:SHOWN_BAD]],
        "rest": _("and {n} more").format(n=rest) if rest > 0 else "",
        "list": visit.url.list(noun.name),
        "undo": visit.url.undo(outcome.number) if outcome.number and not tried else "",
    }
