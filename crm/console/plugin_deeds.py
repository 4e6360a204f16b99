"""What plugins do when asked: their forms posted to `/do/NAME`, and the buttons that they offer on cards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bottle import request

from crm.console.address import own
from crm.console.brought import failing
from crm.console.controls import control
from crm.console.controls import options as options_of
from crm.console.deed_form import deed_form
from crm.console.routes import action, page
from crm.console.visit import Done
from crm.errors import CrmError, InvalidValue, NotFound
from crm.locale import _

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from crm.console.visit import Answer, Context, View, Visit
    from crm.model.fields import Doc
    from crm.model.record import Record
    from crm.plugin_loading import Plugin

LARGEST = 10_000_000
"""Bytes that a chosen file may have."""


@page("/do/<name>")
def ask(visit: Visit, name: str) -> View:
    """Ask what an action of a plugin needs to know of a record."""
    _plugin, _target, options = _called(visit, name)
    if not (options.get("asks") or options.get("sure")):
        raise NotFound(_("There is no page «{name}».").format(name=name), _("Look in the menu."))
    return _form(visit, name, options, "")


@action("/do/<name>")
def do(visit: Visit, name: str) -> Answer:
    """Do what a form of a plugin asks for, and say what was done."""
    plugin, target, options = _called(visit, name)
    form = {**visit.query.without(), **visit.form.without(), **_fields()}
    made: Any = None
    try:
        with failing(plugin, "register_actions"):
            made = visit.crm.plugins.contribution(plugin, "register_actions", name, target)(visit.crm, form)
    except CrmError as error:
        if not options.get("asks") or "record" not in visit.query:
            raise
        return _form(visit, name, options, str(error))
    said, go = made if isinstance(made, tuple) else (made, "")
    return Done(str(said or _("Done.")), own(str(go), visit.back(visit.url.home())))


def _called(visit: Visit, name: str) -> tuple[Plugin, str, dict[str, Any]]:
    for plugin, (action_name, target, options) in visit.crm.plugins.brought("register_actions"):
        if action_name == name:
            return plugin, target, options
    raise NotFound(_("There is no page «{name}».").format(name=name), _("Look in the menu."))


# --- buttons of cards -------------------------------------------------------------------------------------------------


def offered(visit: Visit, record: Record) -> list[Context]:
    """Return the buttons that plugins offer on the card of a record as it stands."""
    if record.deleted is not None or not visit.crm.guard.may("edit", record.noun, record.doc):
        return []
    return [
        {
            "title": _(str(options.get("title") or name)),
            "address": visit.url.plugin_deed(name, record.ref),
            "icon": str(options.get("icon") or "plug"),
            "post": not (options.get("asks") or options.get("sure")),
            "primary": bool(options.get("primary")),
        }
        for _plugin, (name, _target, options) in visit.crm.plugins.brought("register_actions")
        if record.noun in options.get("where", ()) and _holds(options.get("when") or {}, record.doc)
    ]


def _holds(when: Mapping[str, Sequence[str]], doc: Doc) -> bool:
    return all(str(doc.get(field) or "") in values for field, values in when.items())


def _form(visit: Visit, name: str, options: Mapping[str, Any], failure: str) -> View:
    record = visit.crm.record(visit.query.get("record"))
    fields = [_asked(visit, one) for one in options.get("asks") or []]
    address, hint = visit.url.plugin_deed(name, record.ref), _(str(options.get("sure") or ""))
    return deed_form(visit, record, _(str(options.get("title") or name)), address, fields, failure, hint)


def _asked(visit: Visit, one: Mapping[str, Any]) -> Context:
    """Return the control of a value that an action asks for; `value` is its beginning, or `today`."""
    name, kind = str(one["name"]), str(one.get("type") or "text")
    first = str(one.get("value") or "")
    held = visit.form.get(name, visit.crm.today().isoformat() if first == "today" else first)
    made = control(name, _(str(one.get("title") or name)), kind, held, required=bool(one.get("required")))
    if one.get("dictionary"):
        entries = visit.shown.dictionary(str(one["dictionary"])).entries
        return {**made, "type": "select", "options": options_of([(it.id, it.title.text()) for it in entries], [held])}
    if one.get("options"):
        pairs = [(str(value), _(str(title))) for value, title in one["options"]]
        return {**made, "type": "select", "options": options_of(pairs, [held])}
    suggest = visit.url.suggest(str(one["noun"])) if one.get("noun") else ""
    return {**made, "wide": kind == "multiline", "suggest": suggest}


def _fields() -> dict[str, Any]:
    """Return the fields and chosen files of a form with files, nothing of any other."""
    if not (request.content_type or "").startswith("multipart/form-data"):
        return {}
    fields = dict(request.forms.decode().items())
    for key, one in request.files.items():
        fields |= {key: _data(one), f"{key}_name": str(one.raw_filename)}
    return fields


def _data(upload: Any) -> bytes:
    data: bytes = upload.file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise InvalidValue(_("The file is larger than {n} MB.").format(n=LARGEST // 1_000_000))
    return data
