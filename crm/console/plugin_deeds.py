"""What forms of plugins do: a form posted to `/do/NAME` is the plugin's that registered the name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bottle import request

from crm.console.address import own
from crm.console.brought import failing
from crm.console.routes import action
from crm.console.visit import Done
from crm.errors import InvalidValue, NotFound
from crm.locale import _

if TYPE_CHECKING:
    from crm.console.visit import Visit

LARGEST = 10_000_000
"""Bytes that a chosen file may have."""


@action("/do/<name>")
def do(visit: Visit, name: str) -> Done:
    """Do what a form of a plugin asks for, and say what was done."""
    for plugin, (action_name, target, _options) in visit.crm.plugins.brought("register_actions"):
        if action_name == name:
            form = {**visit.form.without(), **_fields()}
            made: Any = None
            with failing(plugin, "register_actions"):
                made = visit.crm.plugins.contribution(plugin, "register_actions", name, target)(visit.crm, form)
            said, go = made if isinstance(made, tuple) else (made, "")
            return Done(str(said or _("Done.")), own(str(go), visit.back(visit.url.home())))
    raise NotFound(_("There is no page «{name}».").format(name=name), _("Look in the menu."))


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
