"""Where machines call: `/hooks/NAME/…`, answered by plugins; no cookie of a person counts here, nor its rights.

Each endpoint knows its callers by a secret of its own. What fails is logged, and the machine is told in one line.
"""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, Any

from crm.errors import CrmError, InvalidValue, NotFound
from crm.locale import _
from crm.model.endpoint import Memory, Reply, Request
from crm.plugin_loading import failed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from crm.plugin_loading import Plugin
    from crm.workspace import Workspace

    Environ = dict[str, Any]

PREFIX = "/hooks/"
METHODS = ("GET", "POST")
ANY_METHOD = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
LARGEST = 1024 * 1024
"""Bytes that a body may have where an endpoint does not say otherwise."""
LARGEST_OF_ALL = 128 * 1024 * 1024
"""Bytes that no endpoint may go beyond."""


def is_for_machine(environ: Environ) -> bool:
    """Tell whether a request is to an endpoint of a plugin."""
    path: str = environ.get("PATH_INFO", "")
    return path.startswith(PREFIX)


class Machines:
    """The endpoints of one console, with what each remembers."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._memories: dict[str, Memory] = {}

    def answer(self, crm: Workspace, environ: Environ, plugin: Plugin, found: list[Any]) -> Reply:
        """Ask the plugin's endpoint; raise CrmError for a request that it is not to see, PluginFailed for a failure."""
        name, target, options = found
        request = self._request(environ, name, options)
        try:
            endpoint: Callable[..., Any] = crm.plugins.contribution(plugin, "register_endpoints", name, target)
            reply = endpoint(crm, request)
            if not isinstance(reply, Reply):
                raise TypeError(f"an endpoint returns a crm.model.Reply, not {type(reply).__name__}")
            return reply
        except CrmError:
            raise
        except Exception as error:
            raise failed(plugin, "register_endpoints", error) from error

    def _request(self, environ: Environ, name: str, options: Mapping[str, Any]) -> Request:
        if environ["REQUEST_METHOD"] not in options.get("methods", METHODS):
            raise NotAnswered(environ["REQUEST_METHOD"])
        return Request(
            environ["REQUEST_METHOD"],
            environ["PATH_INFO"].removeprefix(PREFIX).partition("/")[2].strip("/"),
            _query(environ.get("QUERY_STRING", "")),
            _headers(environ),
            _body(environ, int(options.get("largest", LARGEST))),
            environ.get("REMOTE_ADDR", ""),
            self._memory(name),
        )

    def _memory(self, name: str) -> Memory:
        with self._lock:
            return self._memories.setdefault(name, Memory())


class NotAnswered(CrmError):
    """A method that an endpoint does not have."""

    status = 405

    def __init__(self, method: str) -> None:
        super().__init__(_("This address does not answer {method}.").format(method=method[:20]))


class TooLarge(CrmError):
    """A body beyond what an endpoint takes."""

    status = 413

    def __init__(self, largest: int) -> None:
        super().__init__(_("That is too much at once."), _("Send at most {n} bytes.").format(n=largest))


def find(crm: Workspace, path: str) -> tuple[Plugin, list[Any]]:
    """Return the plugin and what it registered for an address; raise NotFound."""
    name = path.removeprefix(PREFIX).partition("/")[0]
    for plugin, found in crm.plugins.brought("register_endpoints"):
        if found[0] == name:
            return plugin, found
    raise NotFound(_("There is no such address."), _("See what plugins answer: crm plugin list."))


def _query(text: str) -> dict[str, str]:
    from urllib.parse import parse_qsl

    try:
        return dict(parse_qsl(text, keep_blank_values=True, max_num_fields=1000))
    except ValueError as error:
        raise InvalidValue(_("The request cannot be read.")) from error


def _headers(environ: Environ) -> dict[str, str]:
    names = ((key, key.removeprefix("HTTP_")) for key in environ if key.startswith(("HTTP_", "CONTENT_")))
    return {name.replace("_", "-").lower(): str(environ[key]) for key, name in names}


def _body(environ: Environ, largest: int) -> bytes:
    length = int(environ.get("CONTENT_LENGTH") or 0)
    if length > min(largest, LARGEST_OF_ALL):
        raise TooLarge(min(largest, LARGEST_OF_ALL))
    body: bytes = environ["wsgi.input"].read(length)
    if len(body) < length:
        raise InvalidValue(_("The request cannot be read."))
    return body
