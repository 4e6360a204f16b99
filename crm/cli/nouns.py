"""The group of a noun: the verbs that every noun has, made from its fields, and the noun's own."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from crm.cli.output import Helpful, Option, Verb, form, list_columns, output_options, print_card, print_json, print_rows
from crm.errors import InvalidValue, WrongUsage
from crm.locale import N_, _

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from crm.cli.app import App
    from crm.model.fields import Doc, Field
    from crm.model.record import Record
    from crm.sales.collection import Collection
    from crm.sales.noun import Noun

STANDARD = {
    "list": N_("List records."),
    "show": N_("Show one record."),
    "add": N_("Add a record."),
    "set": N_("Change fields: field=value, field+=value, field-=value, field= to clear."),
    "delete": N_("Put records into the trash (admins only)."),
    "restore": N_("Take records out of the trash."),
    "history": N_("Show who changed a record, when and how."),
}
DEFAULT_LIMIT = 50


class NounGroup(Helpful, click.Group):
    """`crm NOUN VERB`; without a verb it lists."""

    def __init__(self, app: App, noun: Noun) -> None:
        super().__init__(noun.name, help=noun.entity.many())
        self.app = app
        self.noun = noun

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments; `crm deal` and `crm deal --stage new` mean the list."""
        if ctx.resilient_parsing:  # a shell asks what may come next
            return super().parse_args(ctx, args)
        if not args or (args[0].startswith("-") and args[0] not in ("-h", "--help")):
            args.insert(0, "list")
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """List the verbs: those of every noun, then the noun's own."""
        return list(dict.fromkeys([*STANDARD, *self.app.noun_verbs(self.noun.name)]))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of a verb."""
        if cmd_name in STANDARD:
            may_differ = cmd_name == "add" or self.noun.plugin != "crm"
            own = self.app.noun_verbs(self.noun.name).get(cmd_name) if may_differ else None
            return own or _MAKERS[cmd_name](self.app, self.noun)
        found: click.Command | None = self.app.noun_verbs(self.noun.name).get(cmd_name)
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the verb; an unknown one is told with those there are."""
        if self.get_command(ctx, args[0]) is None:
            raise WrongUsage(
                _("«{noun}» has no verb «{verb}».").format(noun=self.noun.name, verb=args[0]),
                _("It has: {verbs}.").format(verbs=", ".join(self.list_commands(ctx))),
            )
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the verbs with their purpose."""
        own = self.app.noun_verbs(self.noun.name)
        rows = [(name, _(STANDARD[name])) for name in STANDARD]
        rows += [(name, command.get_short_help_str()) for name, command in own.items() if name not in STANDARD]
        with formatter.section(_("Verbs")):
            formatter.write_dl(rows)


def as_of_option(function: Any) -> Any:
    """Add `--as-of`, which shows a past moment."""

    def keep(ctx: click.Context, _param: click.Parameter, value: str | None) -> None:
        if value:
            ctx.find_object(_app_class()).as_of = value  # type: ignore[union-attr]

    return click.option(
        "--as-of", cls=Option, metavar="DATE|TIME", expose_value=False, callback=keep, help=N_("Show a past moment.")
    )(function)


def dry_run_option(function: Any) -> Any:
    """Add `--dry-run`, which prints the change and commits nothing."""

    def keep(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
        if value:
            ctx.find_object(_app_class()).dry_run = True  # type: ignore[union-attr]

    return click.option(
        "--dry-run", cls=Option, is_flag=True, expose_value=False, callback=keep, is_eager=True,
        help=N_("Print the change, commit nothing."),
    )(function)  # fmt: skip


def _app_class() -> type[App]:
    from crm.cli.app import App

    return App


# --- reading ---------------------------------------------------------------------------------------------------------


def _make_list(app: App, noun: Noun) -> click.Command:
    def run(where: tuple[str, ...], sort: str | None, limit: int | None, all_: bool, trash: bool, **equal: str) -> None:
        from crm.cli.filters import query_of

        records = app.crm.collection(noun.name)
        query = query_of(app.crm, noun, where, equal)
        asked = limit if limit is not None or all_ or not sys.stdout.isatty() else DEFAULT_LIMIT + 1
        found = records.find(
            query, sort=sort.split(",") if sort else "id", limit=None if all_ else asked, trashed=trash
        )
        if asked != limit:
            found = _cut(found)
        names = list_columns(noun)
        columns = names if form() != "csv" else [name for name in noun.fields if name not in ("created", "updated")]
        if form() == "ids":
            print_rows(["id"], ({"id": record.id} for record in found))
            return
        rows = (records.export(record) for record in found)
        titles = ["id", *(noun.fields[name].label for name in names[1:])]
        print_rows(columns if form() != "csv" else ["id", *columns], rows, titles)

    params: list[click.Parameter] = [
        Option(
            ["--where"], multiple=True, metavar="TEXT", help=N_("A condition, such as 'amount > 1000'; repeatable.")
        ),
        Option(["--sort"], metavar="[-]FIELD", help=N_("The order; a minus is downwards.")),
        Option(["--limit"], type=click.IntRange(0), metavar="N", help=N_("At most N records.")),
        Option(["--all", "all_"], is_flag=True, help=N_("No limit.")),
        Option(["--trash"], is_flag=True, help=N_("The deleted ones.")),
    ]
    for name in ("owner", "stage", "pipeline", "outcome", "status", "kind", "about", "company", "deal", "invoice"):
        if name in noun.fields:
            params.append(Option([f"--{name}"], metavar=name.upper(), help=N_("Only with this value.")))
    return _command(noun, "list", run, params, reading=True)


def _cut(found: Iterator[Record]) -> Iterator[Record]:
    """Yield the first records for a terminal and say that there are more."""
    for number, record in enumerate(found):
        if number == DEFAULT_LIMIT:
            print(
                _("These are the first {n}; --all shows all, --limit N the first N.").format(n=number), file=sys.stderr
            )
            return
        yield record


def _make_show(app: App, noun: Noun) -> click.Command:
    def run(ids: tuple[str, ...]) -> None:
        records = app.crm.collection(noun.name)
        docs = [records.export(records.get(key)) for key in read_ids(ids)]
        if len(docs) > 1 and form() == "json":
            print_json(docs)
            return
        for doc in docs:
            print_card(noun, doc)

    return _command(noun, "show", run, [_ids_argument()], reading=True)


def _make_history(app: App, noun: Noun) -> click.Command:
    def run(record_id: str) -> None:
        from crm.cli.history import print_lines

        records = app.crm.collection(noun.name)
        ref = records.get(record_id).ref
        print_lines(app, records.history(record_id), ref)

    return _command(noun, "history", run, [click.Argument(["record_id"], metavar="ID")], reading=True)


# --- writing ---------------------------------------------------------------------------------------------------------


def _make_add(app: App, noun: Noun) -> click.Command:
    first = [name for name in noun.entity.typed_first if name in noun.fields]
    params: list[click.Parameter] = [
        click.Argument([name], required=False, metavar=f"[{name.upper()}]") for name in first
    ]
    params += [
        _field_option(name, field) for name, field in noun.fields.items() if name not in first and not field.fixed
    ]
    params += _part_options(noun)
    params.append(Option(["--set", "set_"], multiple=True, metavar="FIELD=VALUE", help=N_("Any field; repeatable.")))

    def run(set_: tuple[str, ...], **values: Any) -> None:
        given = {name.replace("__", "."): _given(value) for name, value in values.items() if value not in (None, ())}
        for text in set_:
            name, equals, value = text.partition("=")
            if not equals:
                raise WrongUsage(_("--set needs FIELD=VALUE, not «{text}».").format(text=text))
            given[name] = value
        record = app.crm.collection(noun.name).take(**given)
        print_done(app, [record])

    return _command(noun, "add", run, params, reading=False)


def _given(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


_SINGULAR = {"companies": "company", "addresses": "address"}


def option_name(name: str, field: Field[Any]) -> str:
    """Return the option's name of a field: `--phone` for phones, repeated for each."""
    singular = _SINGULAR.get(name) or (name[:-1] if field.many and name.endswith("s") else name)
    return f"--{singular.replace('_', '-')}"


def _field_option(name: str, field: Field[Any]) -> click.Option:
    return Option(
        [option_name(name, field), name], multiple=field.many, metavar=field.sort.upper(), help=field.title or name,
        shell_complete=_complete_field(field),
    )  # fmt: skip


def _part_options(noun: Noun) -> list[click.Parameter]:
    from crm.model.field_parts import Parts

    options: list[click.Parameter] = []
    for name, field in noun.fields.items():
        if isinstance(field, Parts):
            for part, title in field.parts.items():
                if part not in noun.fields:
                    options.append(
                        Option([f"--{part.replace('_', '-')}", f"{name}__{part}"], metavar="TEXT", help=title)
                    )
    return options


def _complete_field(field: Field[Any]) -> Callable[..., Any] | None:
    from crm.model.fields import Choice

    if not isinstance(field, Choice):
        return None

    def complete(ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
        from crm.cli.completion import complete_choices

        return complete_choices(ctx, field, incomplete)

    return complete


def _make_set(app: App, noun: Noun) -> click.Command:
    def run(words: tuple[str, ...], rev: int | None) -> None:
        ids = [word for word in words if "=" not in word]
        edits = [_edit(word) for word in words if "=" in word]
        if not ids or not edits:
            raise WrongUsage(
                _("An id and at least one field=value are needed."),
                _("For example: crm {noun} set 12 comment=…").format(noun=noun.name),
            )
        change_each(app, noun.name, "set", ids, lambda records, key: records.set(key, *edits, rev=rev))

    params: list[click.Parameter] = [
        click.Argument(["words"], nargs=-1, metavar="ID… FIELD=VALUE…"),
        Option(["--rev"], type=int, metavar="N", help=N_("Refuse when someone changed these fields since revision N.")),
    ]
    return _command(noun, "set", run, params, reading=False)


def _edit(word: str) -> Any:
    from crm.sales.collection import Edit

    name, _equals, value = word.partition("=")
    op = {"+": "+=", "-": "-="}.get(name[-1:], "=")
    return Edit(name[:-1] if op != "=" else name, op, value)


def _make_delete(app: App, noun: Noun) -> click.Command:
    def run(ids: tuple[str, ...]) -> None:
        change_each(app, noun.name, "delete", ids, lambda records, key: records.delete(key))

    return _command(noun, "delete", run, [_ids_argument()], reading=False)


def _make_restore(app: App, noun: Noun) -> click.Command:
    def run(ids: tuple[str, ...]) -> None:
        change_each(app, noun.name, "restore", ids, lambda records, key: records.restore(key))

    return _command(noun, "restore", run, [_ids_argument()], reading=False)


_MAKERS = {
    "list": _make_list,
    "show": _make_show,
    "add": _make_add,
    "set": _make_set,
    "delete": _make_delete,
    "restore": _make_restore,
    "history": _make_history,
}


def _command(
    noun: Noun, name: str, run: Callable[..., None], params: list[click.Parameter], *, reading: bool
) -> click.Command:
    command = Verb(name, callback=run, params=params, help=STANDARD[name], epilog=_example(noun, name))
    return read_command(command) if reading else write_command(command)


def _example(noun: Noun, name: str) -> str:
    told = {
        "list": "--where 'updated > today-7d' --sort -updated",
        "show": "12 --json",
        "add": noun.entity.example or "…",
        "set": f'12 {_first_text(noun)}="…"',
    }
    return f"crm {noun.name} {name} {told.get(name, '12')}"


def _first_text(noun: Noun) -> str:
    texts = [name for name, field in noun.fields.items() if field.sort == "text" and not field.fixed]
    return "comment" if "comment" in texts else next((name for name in texts if name != "owner"), "owner")


def read_command(command: click.Command) -> click.Command:
    """Add to a command the options of every read."""
    return _with(command, output_options(), as_of_option)


def write_command(command: click.Command) -> click.Command:
    """Add to a command the options of every write."""
    return _with(command, output_options("json", "ids"), dry_run_option)


def _with(command: click.Command, *decorators: Callable[[Any], Any]) -> click.Command:
    for decorate in decorators:
        holder = decorate(lambda: None)
        command.params += reversed(getattr(holder, "__click_params__", []))
    return command


def _ids_argument() -> click.Argument:
    return click.Argument(["ids"], nargs=-1, metavar="ID…", required=True, shell_complete=_complete_ids)


def _complete_ids(ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[Any]:
    from crm.cli.completion import complete_ids

    return complete_ids(ctx, _param, incomplete)


def read_ids(words: Iterable[str]) -> list[str]:
    """Return ids as they were given; `-` stands for those on stdin, one id or reference a line."""
    ids: list[str] = []
    for word in words:
        if word == "-":
            ids += [line.strip() for line in sys.stdin if line.strip()]
        else:
            ids.append(word)
    return ids


def change_each(
    app: App, noun: str, name: str, ids: Iterable[str], change: Callable[[Collection[Any], str], Record]
) -> None:
    """Do the same with several records as one change set, and print each."""
    keys = read_ids(ids)
    records = app.crm.collection(noun)
    if not keys:
        print(_("No ids were given, so nothing was done."), file=sys.stderr)
        return
    with app.crm.transaction(f"{noun} {name}"):
        changed = [change(records, key) for key in keys]
    print_done(app, changed)


def print_done(app: App, records: list[Any], note: str = "") -> None:
    """Print what a write did: one line a record, or JSON, or ids; the drafted change when nothing is committed."""
    if app.dry_run:
        from crm.cli.history import print_changes

        print_changes(app.crm.drafted)
        return
    if form() == "json":
        docs = [app.crm.collection(record.noun).export(record) for record in records]
        print_json(docs[0] if len(docs) == 1 else docs)
        return
    for record in records:
        print(record.id if form() == "ids" else line_of(app, record, note))


def line_of(app: App, record: Record, note: str = "") -> str:
    """Return the line that names a record: `deal/12 Title — stage`."""
    parts = [record.ref, record.label if record.label != record.ref else ""]
    state = _state(app, record.doc)
    tail = " — ".join(filter(None, (state, note)))
    return " ".join(filter(None, parts)) + (f" — {tail}" if tail else "")


def _state(app: App, doc: Doc) -> str:
    noun_stage = doc.get("outcome") or doc.get("status") or doc.get("stage")
    if not noun_stage:
        return ""
    if noun_stage in _STATES:
        return _(_STATES[noun_stage])
    try:
        ladder = app.settings.pipeline(doc["pipeline"]) if "pipeline" in doc else app.settings.leads
        return ladder.stage(noun_stage).title.text()
    except InvalidValue:
        return str(noun_stage)


_STATES = {"won": N_("won"), "lost": N_("lost"), "converted": N_("converted"), "rejected": N_("rejected")}
