"""A request of a machine (1C, a telephone exchange, a form of a site, a mail provider) and what it is answered.

Plain values alone: how they come over HTTP is the console's.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import RLock
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

TEXT, JSON = "text/plain; charset=utf-8", "application/json; charset=utf-8"


class Memory(dict[str, Any]):
    """What an endpoint remembers while the server runs; shared by all its requests, so take `lock` around changes."""

    def __init__(self) -> None:
        super().__init__()
        self.lock = RLock()


@dataclass(frozen=True)
class Request:
    """A request to `/hooks/NAME/…`; `path` is what follows the name, without a slash at either end.

    Names of `headers` are lower case. `query` and `form` hold the last value of each name. `peer` is the address of
    the other side of the connection, which is that of a proxy where one stands before the console.
    """

    method: str
    path: str = ""
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    peer: str = ""
    memory: Memory = field(default_factory=Memory)

    @property
    def form(self) -> dict[str, str]:
        """Return the fields of a urlencoded form, none where the body is something else."""
        from urllib.parse import parse_qsl

        if not self._is("application/x-www-form-urlencoded"):
            return {}
        try:
            return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=1000))
        except ValueError:
            return {}

    @property
    def json(self) -> Any:
        """Return the body read as JSON; raise InvalidValue when it is none."""
        import json

        from crm.errors import InvalidValue
        from crm.locale import _

        try:
            return json.loads(self.body)
        except (ValueError, RecursionError) as error:
            raise InvalidValue(_("The body is not JSON."), _("Send an object in UTF-8.")) from error

    @property
    def cookies(self) -> dict[str, str]:
        """Return the cookies sent along."""
        pairs = (part.partition("=") for part in self.headers.get("cookie", "").split(";"))
        return {name.strip(): value.strip() for name, _equals, value in pairs if name.strip()}

    @property
    def login(self) -> tuple[str, str]:
        """Return the name and the password of HTTP Basic, empty where none came."""
        from base64 import b64decode

        scheme, _space, code = self.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "basic":
            return "", ""
        try:
            name, _colon, password = b64decode(code.strip(), validate=True).decode("utf-8", "replace").partition(":")
        except ValueError:
            return "", ""
        return name, password

    def _is(self, kind: str) -> bool:
        return self.headers.get("content-type", "").partition(";")[0].strip().lower() == kind


@dataclass(frozen=True)
class Reply:
    """What a machine is answered: text or bytes as they go out."""

    body: str | bytes = ""
    status: int = 200
    type: str = TEXT
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def data(self) -> bytes:
        """Return the body as bytes, text in UTF-8."""
        return self.body.encode() if isinstance(self.body, str) else self.body
