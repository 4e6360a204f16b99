"""Forms with files: the fields as texts, a chosen file as its bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bottle import request

from crm.errors import InvalidValue
from crm.locale import _

if TYPE_CHECKING:
    from crm.console.visit import Visit

LARGEST = 33_000_000
"""Bytes that a chosen file may have."""


def upload(visit: Visit) -> dict[str, Any]:
    """Return what a form says, whatever its kind."""
    if not (request.content_type or "").startswith("multipart/form-data"):
        return dict(visit.form.without())
    return {**dict(request.forms.decode().items()), **{key: _data(one) for key, one in request.files.items()}}


def _data(chosen: Any) -> bytes:
    data: bytes = chosen.file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise InvalidValue(_("The file is larger than {n} MB.").format(n=LARGEST // 1_000_000))
    return data
