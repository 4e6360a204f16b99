"""What exchanges send, read as calls: any that sends JSON, Zadarma, Mango Office; who is not known is refused.

Zadarma signs with base64 of the hexadecimal HMAC-SHA1 (as its PHP library does), Mango Office with the SHA-256 of key,
JSON and salt: their documents on notices of calls.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import TYPE_CHECKING, Any, cast

from crm.errors import InvalidValue, NotFound
from crm.locale import _
from crm.model import Reply, Request
from crm.plugins.telephony.call import ANSWERED, IN, MISSED, OUT, RINGING, Told
from crm.plugins.telephony.settings import TelephonySettings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crm.plugins.telephony.calls import Calls
    from crm.workspace import Workspace

_STATUSES = {
    "ringing": RINGING,
    "answered": ANSWERED,
    "missed": MISSED,
    "busy": MISSED,
    "cancel": MISSED,
    "no_answer": MISSED,
    "failed": MISSED,
}


def _settings(crm: Workspace) -> TelephonySettings:
    return crm.settings.section("telephony", TelephonySettings)


def _hear(crm: Workspace, told: Told | None) -> Reply:
    if told is not None:
        cast("Calls", crm.collection("call")).hear(told)
    return Reply("ok\n")


def _refuse() -> NotFound:
    return NotFound(_("There is no such address."))


def _same(given: str, right: str) -> bool:
    return hmac.compare_digest(given.encode(), right.encode())


# --- any exchange ----------------------------------------------------------------------------------------------------


def take_call(crm: Workspace, request: Request) -> Reply:
    """Take a call as JSON: id, direction, from, to, line, status, started, duration, record_url; token in the path.

    A header `X-Signature: sha256=…`, the HMAC of the body by the token, may stand instead of the path.
    """
    token = _settings(crm).token
    signature = "sha256=" + hmac.new(token.encode(), request.body, hashlib.sha256).hexdigest()
    if not token or not (_same(request.path, token) or _same(request.headers.get("x-signature", ""), signature)):
        raise _refuse()
    return _hear(crm, _plain(request.json))


def _plain(call: Any) -> Told:
    if not isinstance(call, dict) or not str(call.get("id") or "").strip():
        raise InvalidValue(_("A call needs an «id»."), _("Send an object: id, direction, from, to, status, duration."))
    direction, status = str(call.get("direction") or IN), str(call.get("status") or "ringing")
    if direction not in (IN, OUT) or status not in _STATUSES:
        raise InvalidValue(
            _("direction is in or out, status one of {names}.").format(names=", ".join(_STATUSES)),
            _("What was sent: {direction}, {status}.").format(direction=direction[:40], status=status[:40]),
        )
    sides = ("from", "to") if direction == IN else ("to", "from")
    number, extension = (str(call.get(side) or "")[:40] for side in sides)
    return Told(
        f"call:{call['id']}"[:200],
        direction,
        number,
        extension,
        _STATUSES[status],
        str(call.get("started") or ""),
        _seconds(call.get("duration")),
        str(call.get("record_url") or "")[:500],
        str(call.get("line") or "")[:40],
    )


def _seconds(value: Any) -> int | None:
    try:
        return int(value)
    except (TypeError, ValueError):
        return None


# --- Zadarma ---------------------------------------------------------------------------------------------------------


def take_zadarma(crm: Workspace, request: Request) -> Reply:
    """Take a notice of Zadarma, or echo what it asks to see when the address is entered there."""
    secret = _settings(crm).zadarma.secret
    if not secret:
        raise _refuse()
    if request.method == "GET":
        return Reply(request.query.get("zd_echo", ""))
    form = request.form
    if not _same(request.headers.get("signature", ""), zadarma_signature(form, secret)):
        raise _refuse()
    return _hear(crm, _from_zadarma(form))


def zadarma_signature(form: Mapping[str, str], secret: str) -> str:
    """Return what Zadarma signs a notice with."""
    names = ("caller_id", "called_did", "call_start")
    if form.get("event", "").startswith("NOTIFY_OUT"):
        names = ("internal", "destination", "call_start")
    signed = "".join(form.get(name, "") for name in names)
    digest = hmac.new(secret.encode(), signed.encode(), hashlib.sha1).hexdigest()
    return base64.b64encode(digest.encode()).decode()


def _from_zadarma(form: Mapping[str, str]) -> Told | None:
    event, key = form.get("event", ""), f"zadarma:{form.get('pbx_call_id', '')}"
    if event == "NOTIFY_RECORD":
        return Told(key, recording=form.get("call_id_with_rec", ""))
    direction = OUT if event.startswith("NOTIFY_OUT") else IN
    number = form.get("destination" if direction == OUT else "caller_id", "")
    line = form.get("called_did", "") if direction == IN else ""
    told = Told(key, direction, number, form.get("internal", ""), RINGING, form.get("call_start", ""), line=line)
    if event in ("NOTIFY_END", "NOTIFY_OUT_END"):
        status = ANSWERED if form.get("disposition") == "answered" else MISSED
        return told._replace(status=status, duration=_seconds(form.get("duration")))
    return told if event in ("NOTIFY_START", "NOTIFY_OUT_START", "NOTIFY_INTERNAL", "NOTIFY_ANSWER") else None


# --- Mango Office ----------------------------------------------------------------------------------------------------


def take_mango(crm: Workspace, request: Request) -> Reply:
    """Take a notice of Mango Office: the end of a call, its recording; other notices are only acknowledged."""
    mango = _settings(crm).mango
    form = request.form
    text = form.get("json", "")
    signature = hashlib.sha256((mango.key + text + mango.salt).encode()).hexdigest()
    known = mango.key and mango.salt and _same(form.get("vpbx_api_key", ""), mango.key)
    if not known or not _same(form.get("sign", ""), signature):
        raise _refuse()
    try:
        notice = json.loads(text)
    except ValueError as error:
        raise InvalidValue(_("The notice is not JSON.")) from error
    return _hear(crm, _from_mango(request.path, notice) if isinstance(notice, dict) else None)


def _from_mango(path: str, notice: Mapping[str, Any]) -> Told | None:
    key = f"mango:{notice.get('entry_id', '')}"
    if path == "events/recording" and notice.get("recording_id"):
        return Told(key, recording=str(notice["recording_id"]))
    if path != "events/summary" or not notice.get("entry_id"):
        return None
    incoming = notice.get("call_direction") == 1
    ours, theirs = (_side(notice, name) for name in (("to", "from") if incoming else ("from", "to")))
    begin, end = _seconds(notice.get("talk_time")), _seconds(notice.get("end_time"))
    return Told(
        key,
        IN if incoming else OUT,
        str(theirs.get("number") or ""),
        str(ours.get("extension") or ""),
        ANSWERED if notice.get("entry_result") == 1 else MISSED,
        _time(notice.get("create_time")),
        end - begin if begin and end else None,
        line=str(notice.get("line_number") or "") if incoming else "",
    )


def _side(notice: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    side = notice.get(name)
    return side if isinstance(side, dict) else {}


def _time(seconds: Any) -> str:
    from datetime import UTC, datetime

    try:
        return datetime.fromtimestamp(int(seconds), UTC).isoformat()
    except (TypeError, ValueError, OverflowError, OSError):
        return ""
