"""The group of a noun: the verbs that every noun has, made from its fields, and the noun's own."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from crm.cli.done import change_each, print_done
from crm.cli.noun_options import (
    field_option,
    ids_argument,
    option_name,
    part_options,
    read_command,
    read_edit,
    read_ids,
    write_command,
)
from crm.cli.output import (
    Helpful,
    Option,
    Verb,
    for_a_person,
    form,
    list_columns,
    print_card,
    print_json,
    print_rows,
    unknown_verb,
)
from crm.errors import Refused, WrongUsage
from crm.locale import N_, _

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from crm.cli.app import App
    from crm.model.fields import Doc
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
_EQUAL = (
    "owner", "stage", "pipeline", "outcome", "status", "kind", "source", "quality", "type", "direction", "industry",
    "role", "department", "group", "about", "company", "deal", "invoice",
)  # fmt: skip
"""Fields that lists are narrowed by with an option of their own."""


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
        return list(dict.fromkeys([*self._standard(), *self.app.noun_verbs(self.noun.name)]))

    def _standard(self) -> list[str]:
        """Return the verbs of every noun, without those of people where only the program makes such records."""
        return [name for name in STANDARD if self.noun.entity.by_hand or name not in ("add", "set")]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of a verb; when a shell asks, with what its parameters may be."""
        command = self._verb(cmd_name)
        if self.app.completing and command is not None:
            from crm.cli.offers import offer

            return offer(self.app, command, self.noun)
        return command

    def _verb(self, cmd_name: str) -> click.Command | None:
        if cmd_name in self._standard():
            may_differ = self.noun.plugin != "crm"  # nobody else may bring a verb that every noun has
            own = self.app.noun_verbs(self.noun.name).get(cmd_name) if may_differ else None
            return own or _MAKERS[cmd_name](self.app, self.noun)
        found: click.Command | None = self.app.noun_verbs(self.noun.name).get(cmd_name)
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the verb; an unknown one is told with those there are."""
        if self.get_command(ctx, args[0]) is None:
            if args[0].rpartition("/")[2].isdecimal():
                raise WrongUsage(
                    _("«{noun}» has no verb «{verb}».").format(noun=self.noun.name, verb=args[0]),
                    _("To see the record: crm {noun} show {id}").format(noun=self.noun.name, id=args[0]),
                )
            raise unknown_verb(self.noun.name, args[0], self.list_commands(ctx))
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the verbs with their purpose."""
        own = self.app.noun_verbs(self.noun.name)
        rows = [(name, _(STANDARD[name])) for name in self._standard()]
        rows += [(name, command.get_short_help_str()) for name, command in own.items() if name not in STANDARD]
        with formatter.section(_("Verbs")):
            formatter.write_dl(rows)


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
        if for_a_person():
            from crm.cli.faces import Faces

            face = Faces(app.crm)
            rows = (face.row(noun.fields, doc) for doc in rows)
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
    for name in _EQUAL:
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
        docs = [records.card(records.get(key)) for key in read_ids(ids)]
        if len(docs) > 1 and form() == "json":
            print_json(docs)
            return
        for doc in docs:
            print_card(noun, _as_read(app, noun, doc) if for_a_person() else doc)

    return _command(noun, "show", run, [ids_argument()], reading=True)


def _as_read(app: App, noun: Noun, doc: Doc) -> Doc:
    """Return a card as a person reads it, without what only the program reads."""
    from crm.cli.faces import HIDDEN, Faces

    card = {name: value for name, value in doc.items() if name not in HIDDEN}
    return Faces(app.crm).row(noun.card_fields, card)


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
    params += [field_option(name, noun.fields[name], f"{name}__typed") for name in first]
    params += [
        field_option(name, field)
        for name, field in {**noun.fields, **noun.entity.linked}.items()
        if name not in first and (not field.fixed or name in noun.entity.born_with)
    ]
    params += part_options(noun)
    params.append(Option(["--set", "set_"], multiple=True, metavar="FIELD=VALUE", help=N_("Any field; repeatable.")))

    def run(set_: tuple[str, ...], **values: Any) -> None:
        typed = {name: values.pop(f"{name}__typed", None) for name in first}
        values |= _in_place([values.pop(name, None) for name in first], typed)
        given = {name.replace("__", "."): _given(value) for name, value in values.items() if value not in (None, ())}
        for text in set_:
            name, equals, value = text.partition("=")
            if not equals:
                raise WrongUsage(_("--set needs FIELD=VALUE, not «{text}».").format(text=text))
            given[name] = value
        _refuse_kept(app.crm.collection(noun.name), given)
        record = app.crm.collection(noun.name).take(**given)
        _warn_of_doubts(app, record)
        print_done(app, [record])

    command = _command(noun, "add", run, params, reading=False)
    plurals = {name.replace("_", "-"): option_name(name, field)[2:] for name, field in noun.fields.items()}
    command.context_settings["token_normalize_func"] = lambda word: plurals.get(word, word.replace("_", "-"))
    return command


def _warn_of_doubts(app: App, record: Record) -> None:
    if record.doc.get("phones") or record.doc.get("tax_ids"):
        from crm.sales.doubts import warn

        warn(app.crm, record)


def _in_place(words: list[str | None], options: dict[str, str | None]) -> dict[str, str | None]:
    """Give the words without an option to the fields in their order that no option fills; raise WrongUsage."""
    waiting = [word for word in words if word is not None]
    free = [name for name, value in options.items() if value is None]
    if len(waiting) > len(free):
        raise WrongUsage(_("«{text}» is one word too many.").format(text=waiting[-1]))
    return {**options, **dict(zip(free, waiting, strict=False))}


def _refuse_kept(records: Collection[Any], given: dict[str, Any]) -> None:
    """Refuse values that the program keeps."""
    for name in given:
        field = records.noun.fields.get(name)
        if field is not None and field.fixed and name not in records.noun.entity.born_with:
            raise Refused(_("«{field}» is not written by hand.").format(field=name), records.fixed_remedy(name))


def _given(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _make_set(app: App, noun: Noun) -> click.Command:
    def run(words: tuple[str, ...], rev: int | None) -> None:
        ids = [word for word in words if "=" not in word]
        edits = [read_edit(word) for word in words if "=" in word]
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


def _make_delete(app: App, noun: Noun) -> click.Command:
    def run(ids: tuple[str, ...]) -> None:
        change_each(app, noun.name, "delete", ids, lambda records, key: records.delete(key))

    return _command(noun, "delete", run, [ids_argument()], reading=False)


def _make_restore(app: App, noun: Noun) -> click.Command:
    def run(ids: tuple[str, ...]) -> None:
        change_each(app, noun.name, "restore", ids, lambda records, key: records.restore(key))

    return _command(noun, "restore", run, [ids_argument()], reading=False)


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
