"""Settings as small tables of their own: the rates of currencies and the rights of roles; saved as one change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm.console.controls import control, options
from crm.console.routes import action, page
from crm.console.settings_seal import file_of, held, seal_of, unchanged
from crm.console.visit import Done, View
from crm.errors import CrmError, InvalidValue
from crm.locale import N_, _, language
from crm.model.field_dates import parse_day
from crm.model.money import parse_amount
from crm.settings_file import change_settings

if TYPE_CHECKING:
    from crm.console.visit import Answer, Context, Visit

    Change = tuple[list[str | int], object]

_RIGHTS = {
    "create": N_("Create"), "read": N_("Read"), "edit": N_("Change"), "delete": N_("Delete"), "export": N_("Export"),
    "settings": N_("Settings"),
}  # fmt: skip
_REACH = {"own": N_("one's own"), "department": N_("of the department"), "all": N_("everything")}
_YES = {"true": N_("yes"), "false": N_("no")}
_LAST = 1_000_000
"""A position beyond every list: what stands there is added at its end."""


def _view(visit: Visit, shown: Context, data: Context, failure: str) -> View:
    whole = {"new": [], "columns": [], "hint": "", **shown, "failure": failure, "back": visit.url.settings()}
    whole["file"] = visit.url.settings(f"file/{shown['file_name'].removesuffix('.yaml')}")
    return View("settings_table.html", shown["title"], "settings", {"table": whole}, data, 422 if failure else 200)


def _save(visit: Visit, name: str, seal: str, changes: list[Change]) -> None:
    if changes:
        change_settings(file_of(visit, name), changes, seal=seal)


# --- rates ------------------------------------------------------------------------------------------------------------


def _rates(visit: Visit) -> list[tuple[int, str, str, str]]:
    """Return the rates as the file has them: place, day, currency, price."""
    listed = held(visit, "crm").get("rates") or []
    return [
        (place, str(row["date"]), str(code), str(price))
        for place, row in enumerate(listed)
        for code, price in row.items()
        if code != "date"
    ]


@page("/settings/rates")
def rates(visit: Visit) -> View:
    """Show the rates of currencies, with a row for a new one."""
    visit.crm.guard.check("settings", "workspace", None)
    return _rates_view(visit, "")


def _rates_view(visit: Visit, failure: str) -> View:
    def field(name: str, title: str, stored: str, kind: str = "decimal") -> Context:
        return control(name, title, kind, visit.form.get(name, stored))

    seal = seal_of(visit, "crm")
    rows = [
        {"title": f"{code}, {day}", "cells": [day, code], "fields": [field(f"{place}.{code}", f"{code}, {day}", price)]}
        for place, day, code, price in reversed(_rates(visit))
    ]
    today, costs = visit.crm.today().isoformat(), _("Costs in {currency}")
    shown: Context = {
        "title": _("Rates of currencies"), "action": visit.url.settings("rates"), "rows": rows, "file_name": "crm.yaml",
        "seal": seal,
        "columns": [_("From the day"), _("Currency"), costs.format(currency=visit.crm.settings.currency)],
        "new": [field("date", _("From the day"), today, "date"), field("code", _("Currency"), "", "text"),
                field("price", _("Price"), "")],
        "hint": _("A rate holds from its day until the next one; totals of past days keep the rates of their time."),
    }  # fmt: skip
    data = {"rates": [{"date": day, "currency": code, "price": price} for _n, day, code, price in _rates(visit)]}
    return _view(visit, shown, data, failure)


@action("/settings/rates")
def save_rates(visit: Visit) -> Answer:
    """Save changed rates and a new one."""
    visit.crm.guard.check("settings", "workspace", None)
    try:
        seal = unchanged(visit, "crm")
        changes: list[Change] = []
        for place, _day, code, price in _rates(visit):
            typed = visit.form.get(f"{place}.{code}", price).strip()
            if typed != price:
                changes.append((["rates", place, code], _price(typed) if typed else None))
        _save(visit, "crm", seal, [*changes, *_new_rate(visit)])
    except CrmError as error:
        return _rates_view(visit, str(error))
    return Done(_("Settings are saved"), visit.url.settings("rates"))


def _price(typed: str) -> float:
    return float(parse_amount(typed))


def _new_rate(visit: Visit) -> list[Change]:
    code, price = visit.form.get("code").strip().upper(), visit.form.get("price").strip()
    if not code and not price:
        return []
    day = parse_day(visit.form.get("date"), visit.crm.today())
    if day is None or len(code) != 3 or not code.isascii() or not code.isalpha() or not price:
        raise InvalidValue(_("A new rate needs a day, a currency and a price."), _("Write for example USD and 90,50."))
    return [(["rates", _LAST], {"date": day, code: _price(price)})]


# --- roles ------------------------------------------------------------------------------------------------------------


@page("/settings/roles")
def roles(visit: Visit) -> View:
    """Show what each role may do."""
    visit.crm.guard.check("settings", "workspace", None)
    return _roles_view(visit, "")


def _held(visit: Visit) -> dict[str, dict[str, Any]]:
    roles: dict[str, dict[str, Any]] = held(visit, "access")["roles"]
    return roles


def _text(right: str, value: Any) -> str:
    return str(value) if right in ("read", "edit") else "true" if value in (True, "true") else "false"


def _roles_view(visit: Visit, failure: str) -> View:
    def field(role: str, title: str, right: str, value: Any) -> Context:
        choices = _REACH if right in ("read", "edit") else _YES
        pairs = [(key, _(text)) for key, text in choices.items()]
        chosen = options(pairs, [visit.form.get(f"{role}.{right}", _text(right, value))])
        return control(f"{role}.{right}", f"{title}: {_(_RIGHTS[right])}", "select", options=chosen)

    seal = seal_of(visit, "access")
    dictionary = visit.shown.dictionary("roles")
    rows = [
        {
            "title": dictionary.title(role), "cells": [],
            "fields": [
                control(f"{role}.title", _("Role"), "text", visit.form.get(f"{role}.title", dictionary.title(role))),
                *(field(role, dictionary.title(role), right, has.get(right)) for right in _RIGHTS),
            ],
        }
        for role, has in _held(visit).items()
    ]  # fmt: skip
    shown: Context = {
        "title": _("Roles and rights"), "action": visit.url.settings("roles"), "rows": rows, "file_name": "access.yaml",
        "seal": seal,
        "columns": [_("Role"), *(_(title) for title in _RIGHTS.values())],
        "new": [control("+title", _("Role"), "text", visit.form.get("+title"))],
        "hint": _("A deal can be shared with a person beyond the role, on its card."),
    }  # fmt: skip
    return _view(visit, shown, {"roles": _held(visit)}, failure)


@action("/settings/roles")
def save_roles(visit: Visit) -> Answer:
    """Save what was changed in the rights of roles."""
    visit.crm.guard.check("settings", "workspace", None)
    if visit.form.get("admin.settings") == "false":
        return _roles_view(visit, _("An admin has to be able to change settings."))
    try:
        seal = unchanged(visit, "access")
        _save(visit, "access", seal, [*_granted(visit), *_titled(visit), *_new_role(visit)])
    except CrmError as error:
        return _roles_view(visit, str(error))
    return Done(_("Settings are saved"), visit.url.settings("roles"))


def _granted(visit: Visit) -> list[Change]:
    """Return the changes of what roles may do."""
    changes: list[Change] = []
    for role, has in _held(visit).items():
        for right in _RIGHTS:
            old = _text(right, has.get(right))
            typed = visit.form.get(f"{role}.{right}", old)
            if typed != old and typed in (_REACH if right in ("read", "edit") else _YES):
                changes.append((["roles", role, right], typed if right in ("read", "edit") else typed == "true"))
    return changes


def _titled(visit: Visit) -> list[Change]:
    """Return the changes of what roles are called in the current language."""
    dictionary = visit.shown.dictionary("roles")
    found: list[Change] = []
    for role, has in _held(visit).items():
        typed = visit.form.get(f"{role}.title", dictionary.title(role)).strip()
        if typed and typed != dictionary.title(role):
            place: list[str | int] = ["roles", role, "title"]
            found.append(([*place, language()] if isinstance(has.get("title"), dict) else place, typed))
    return found


def _new_role(visit: Visit) -> list[Change]:
    """Return the change that adds a role: it may do what a manager may until that is changed."""
    title = visit.form.get("+title").strip()
    if not title:
        return []
    roles = _held(visit)
    name = next(one for number in range(1, 10_000) if (one := f"role_{number}") not in roles)
    rights = {right: value for right, value in roles.get("manager", {}).items() if right in _RIGHTS}
    return [(["roles", name], {"title": {language(): title}, **rights})]
