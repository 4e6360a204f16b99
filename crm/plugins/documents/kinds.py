"""The kinds of documents that plugins bring, and how one of them is printed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from crm.errors import InvalidValue, PluginFailed
from crm.locale import _

if TYPE_CHECKING:
    from collections.abc import Callable

    from crm.plugin_loading import Plugin
    from crm.plugins.documents.document import Document
    from crm.workspace import Workspace

HOOK = "register_document_kinds"


class Kind(NamedTuple):
    """A kind of documents: its name, what it is called, who brought it, and the place of its function where named."""

    name: str
    title: str
    plugin: Plugin
    place: str


def find_kinds(crm: Workspace) -> dict[str, Kind]:
    """Return the kinds by their names; of two of one name the first counts."""
    kinds: dict[str, Kind] = {}
    for plugin, (name, place, options) in crm.plugins.brought(HOOK):
        kinds.setdefault(name, Kind(name, str(options.get("title") or name), plugin, place))
    return kinds


def find_kind(crm: Workspace, text: str) -> Kind:
    """Return a kind by its name, its title, or a word that one title alone has («ТОРГ-12»); raise InvalidValue."""
    kinds = find_kinds(crm)
    wanted = text.strip().casefold()
    for kind in kinds.values():
        if wanted in (kind.name.casefold(), _(kind.title).casefold()):
            return kind
    having = [kind for kind in kinds.values() if wanted and wanted in _(kind.title).casefold()]
    if len(having) == 1:
        return having[0]
    raise InvalidValue(
        _("There is no kind of documents «{kind}».").format(kind=text),
        _("Known: {names}.").format(names=", ".join(kinds)),
    )


def html(crm: Workspace, document: Document) -> str:
    """Write a document as HTML by the plugin that brought its kind; raise PluginFailed, naming the plugin."""
    kind = find_kind(crm, document.kind)
    page = _call(crm, kind, document)
    if not isinstance(page, str):
        raise PluginFailed(
            _("The plugin «{name}» gave no HTML for {ref}.").format(name=kind.plugin.name, ref=document.ref)
        )
    return page


def _call(crm: Workspace, kind: Kind, document: Document) -> Any:
    from crm.plugin_loading import failed

    try:
        return _function(crm, kind)(crm, document)
    except Exception as error:
        if kind.plugin.built_in:
            raise
        raise failed(kind.plugin, HOOK, error) from error


def _function(crm: Workspace, kind: Kind) -> Callable[..., Any]:
    from crm.plugin_loading import load_target

    if kind.place:
        function: Callable[..., Any] = load_target(kind.place)
        return function
    functions: dict[str, Callable[..., Any]] = {}

    def register(name: str, function: Callable[..., Any], **_options: Any) -> None:
        functions[name] = function

    crm.plugins.call(kind.plugin, HOOK, register=register)
    return functions[kind.name]
