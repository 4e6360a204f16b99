"""Workspaces whose records live elsewhere, in the store of a plugin that the settings name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm.errors import CrmError, NotFound
from crm.locale import _

if TYPE_CHECKING:
    from pathlib import Path

    from crm.plugin_loading import Plugin, Plugins
    from crm.store.commit import Store
    from crm.store.schema import Kinds


def open_store(root: Path, address: str, kinds: Kinds, plugins: Plugins, *, mending: bool = False) -> Store:
    """Open the store of a plugin at an address such as `postgresql://…`, known by what stands before the colon.

    Raise NotFound where no plugin brings that scheme, PluginFailed where its store does not open.
    """
    given = (root, address, kinds, mending)
    scheme = address.partition(":")[0]
    for plugin, (name, target, _options) in plugins.brought("register_stores"):
        if name == scheme:
            return _opened(plugin, plugins.contribution(plugin, "register_stores", name, target), *given)
    raise NotFound(
        _("config/crm.yaml: store: no plugin brings stores of the kind «{scheme}».").format(scheme=scheme),
        _("Install the plugin, or clear the setting: the records are then in data/."),
    )


def _opened(plugin: Plugin, maker: Any, root: Path, address: str, kinds: Kinds, mending: bool) -> Store:
    try:
        store: Store = maker(root, address, kinds, mending=mending)
    except CrmError:
        raise
    except Exception as error:
        from crm.plugin_loading import failed

        raise failed(plugin, "register_stores", error) from error
    return store
