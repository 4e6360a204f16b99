"""The addresses of the site: POST /hooks/site/TOKEN/form and /order, as JSON or as a form of HTML."""

from __future__ import annotations

import hmac
import time
from typing import TYPE_CHECKING, Any

from crm.errors import CrmError, InvalidValue, NotFound
from crm.locale import _
from crm.model import Reply, Request
from crm.plugins.site.nouns import FORM
from crm.plugins.site.requests import KINDS

if TYPE_CHECKING:
    from crm.plugins.site.requests import SiteRequests
    from crm.plugins.site.settings import SiteSettings
    from crm.workspace import Workspace

JSON = "application/json; charset=utf-8"


class TooMany(CrmError):
    """More requests a minute than the settings allow."""

    status = 429

    def __init__(self) -> None:
        super().__init__(_("Too many requests."), _("Send again in a minute."))


def take(crm: Workspace, request: Request) -> Reply:
    """Take a form or an order; answer with the record it became, or send a browser on to the page of thanks."""
    requests: SiteRequests = crm.collection("site_request")  # type: ignore[assignment]
    rules = requests.rules
    kind = _kind(request, rules)
    _refuse_flood(request, rules)
    data = _data(request)
    if rules.honeypot and str(data.pop(rules.honeypot, "") if isinstance(data, dict) else "").strip():
        return _answer(request, rules, {"ok": True})
    found = requests.take(kind, data)
    return _answer(request, rules, {"ok": True, "request": found.ref, "ref": found.about})


def _kind(request: Request, rules: SiteSettings) -> str:
    """Return what kind of request an address takes; raise NotFound for a wrong token or place."""
    token, _slash, kind = request.path.partition("/")
    kind = kind or FORM
    for right in (rules.token, rules.form_token if kind == FORM else ""):
        if right and kind in KINDS and hmac.compare_digest(token.encode(), right.encode()):
            return kind
    raise NotFound(_("There is no such address."))


def _refuse_flood(request: Request, rules: SiteSettings) -> None:
    with request.memory.lock:
        now = time.monotonic()
        recent = [moment for moment in request.memory.get("moments", ()) if now - moment < 60]
        if len(recent) >= rules.a_minute:
            raise TooMany
        request.memory["moments"] = [*recent, now]


def _data(request: Request) -> Any:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/x-www-form-urlencoded":
        return dict(request.form)
    if kind in ("application/json", "text/plain", ""):
        return request.json
    raise InvalidValue(_("The site sent «{type}».").format(type=kind[:60]), _("Send JSON or an HTML form."))


def _answer(request: Request, rules: SiteSettings, told: dict[str, Any]) -> Reply:
    import json

    headers = {}
    origin = request.headers.get("origin", "")
    if origin and origin in rules.origins:
        headers = {"Access-Control-Allow-Origin": origin, "Vary": "Origin"}
    from_browser = "text/html" in request.headers.get("accept", "")
    if from_browser and rules.thanks:
        return Reply("", 303, headers={**headers, "Location": rules.thanks})
    if from_browser:
        return Reply(_("Thank you, we will call you.") + "\n", headers=headers)
    return Reply(json.dumps(told, ensure_ascii=False) + "\n", type=JSON, headers=headers)
