"""Settings: what there is to set, the account and its requisites, plugins, and each file as its text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm.console.controls import control, options
from crm.console.routes import action, page
from crm.console.settings_forms import forms
from crm.console.settings_names import file_title
from crm.console.settings_seal import file_of, seal_of, unchanged
from crm.console.signing import SPOKEN
from crm.console.visit import Done, View
from crm.diagnosis import declared
from crm.errors import CrmError, Misplaced, NotFound
from crm.locale import N_, _
from crm.plugin_switching import switch_off, switch_on
from crm.settings import config_file, config_names, load_settings
from crm.settings_file import change_settings, check_seal, save_text

if TYPE_CHECKING:
    from crm.console.visit import Answer, Context, Visit

_ACCOUNT = {
    "name": N_("What the workspace is called"), "language": N_("Language"), "currency": N_("Currency"),
    "country": N_("Country"), "time_zone": N_("Time zone"), "mode": N_("How requests come in"),
    "lead_name_scheme": N_("How leads are named"), "default_owner": N_("Default owner"),
    "trash_days": N_("Days in the trash"), "public_url": N_("Address of /hooks/ for the outside"),
}  # fmt: skip
_COMPANY = {
    "name": N_("Short name"), "legal_name": N_("Full name of the company"), "inn": N_("INN"), "kpp": N_("KPP"),
    "ogrn": N_("OGRN"), "edrpou": N_("EDRPOU"), "address": N_("Address"), "phone": N_("Phone"), "email": N_("E-mail"),
    "director": N_("Director"), "accountant": N_("Accountant"),
}  # fmt: skip
_BANK = {
    "name": N_("Bank"), "bik": N_("BIK"), "account": N_("Account"), "corr_account": N_("Correspondent account"),
    "iban": N_("IBAN"),
}  # fmt: skip
_WIDE = ("legal_name", "address", "lead_name_scheme", "public_url")
_NUMBERS = ("trash_days",)


@page("/settings")
def settings(visit: Visit) -> View:
    """Show what there is to set."""
    _check(visit)
    crm, url = visit.crm, visit.url
    groups: list[tuple[str, list[tuple[str, ...]]]] = [
        (_("Company"), [(_("Company and account"), url.settings("account")), (_("People"), url.list("user")),
                        (_("Departments"), url.settings("items/departments")),
                        (_("Working days and holidays"), url.settings("form/departments")),
                        (_("Our companies"), url.settings("form/crm")), (_("Rates of VAT"), url.settings("form/vat")),
                        (_("People who are no users"), url.settings("form/access")),
                        (_("Roles and rights"), url.settings("roles")),
                        (_("Rates of currencies"), url.settings("rates")),
                        (_("Sign-ins"), url.settings("signins")), (_("Journal of changes"), url.journal()),
                        (_("Trash"), url.trash()),
                        (_("Care of the data"), url.settings("care"))]),
        (_("Pipelines"), [*((one.title.text(), url.settings(f"items/pipeline.{one.id}"))
                            for one in (*crm.settings.pipelines, crm.settings.leads)),
                          *((_("Goals of stages: {pipeline}").format(pipeline=one.title.text()),
                             url.settings(f"goals/{one.id}")) for one in crm.settings.pipelines),
                          (_("Pipelines: begin, end, outcomes"), url.settings("form/pipelines"))]),
        (_("Own fields of cards"), [(crm.nouns[name].entity.many(), url.settings(f"items/fields.{name}"))
                                    for name in FIELDED if name in crm.nouns]),
        (_("Dictionaries"), [(_dictionary_title(name), url.settings(f"items/dictionary.{name}"))
                             for name in crm.settings.plain("dictionaries")]),
        (_("Papers, mail, exchange"), [(title, url.settings(f"form/{name}")) for name, title in forms(visit)]),
        (_("Plugins"), [*_plugin_pages(visit), (_("Switch plugins on and off"), url.settings("plugins")),
                        (_("Events of plugins"), url.settings("events"))]),
        (_("Files, with their comments"), [(file_title(name), url.settings(f"file/{name}"), f"{name}.yaml")
                                           for name in config_names(crm.root)]),
    ]  # fmt: skip
    shown = [{"title": title, "links": [_link(*link) for link in links]} for title, links in groups]
    return View("settings.html", _("Settings"), "settings", {"groups": shown})


def _link(title: str, address: str, file: str = "") -> Context:
    return {"title": title, "address": address, "file": file if file != title else ""}


def _plugin_pages(visit: Visit) -> list[tuple[str, str]]:
    """Return the pages of plugins that stand among the settings."""
    return [
        (_(str(options.get("title") or name)), visit.url.page(name))
        for _plugin, (name, _target, options) in visit.crm.plugins.brought("register_pages")
        if options.get("where") == "settings"
    ]


FIELDED = ("deal", "lead", "contact", "company", "activity", "product")
"""Nouns whose own fields have a page."""


def _dictionary_title(name: str) -> str:
    return _(DICTIONARIES[name]) if name in DICTIONARIES else name


DICTIONARIES = {
    "sources": N_("Sources"),
    "deal_types": N_("Deal types"),
    "junk_reasons": N_("Why a lead is junk"),
    "lost_reasons": N_("Why a deal is lost"),
    "directions": N_("Directions"),
    "classifiers": N_("Classifiers"),
    "activity_kinds": N_("Kinds of activities"),
    "contact_roles": N_("Roles of contacts"),
    "units": N_("Units"),
    "industries": N_("Industries"),
}


def _check(visit: Visit) -> None:
    visit.crm.guard.check("settings", "workspace", None)


# --- the account ------------------------------------------------------------------------------------------------------


@page("/settings/account")
def account(visit: Visit) -> View:
    """Show the form of the account."""
    _check(visit)
    seal = seal_of(visit, "crm")
    return _account_form(visit, seal, _account_values(visit), "")


def _account_values(visit: Visit) -> dict[str, str]:
    """Return every value of the form by its place in the file: `company.bank.bik`."""
    held = load_settings(visit.crm.root).account
    values = {name: getattr(held, name) for name in _ACCOUNT}
    values |= {f"company.{name}": getattr(held.company, name) for name in _COMPANY}
    values |= {f"company.bank.{name}": getattr(held.company.bank, name) for name in _BANK}
    return {name: str(value) for name, value in values.items()}


def _account_form(
    visit: Visit, seal: str, values: dict[str, str], failure: str, errors: dict[str, str] | None = None
) -> View:
    found = errors or {}

    def field(place: str, title: str) -> Context:
        name = place.rpartition(".")[2]
        kind = "select" if place in choices else "text"
        made = control(place, _(title), kind, values[place], wide=name in _WIDE, error=found.get(place, ""))
        return {**made, "options": options(choices[place], [values[place]])} if place in choices else made

    choices = {
        "language": list(SPOKEN.items()),
        "mode": [("classic", _("Leads first")), ("simple", _("A deal at once, without leads"))],
        "default_owner": [("", "—"), *visit.shown.active.items()],
    }
    groups = [
        {"title": _("Workspace"), "hint": "", "fields": [field(name, title) for name, title in _ACCOUNT.items()]},
        {
            "title": _("Our company on papers"), "hint": "",
            "fields": [field(f"company.{name}", title) for name, title in _COMPANY.items()],
        },
        {
            "title": _("Our bank"), "hint": "",
            "fields": [field(f"company.bank.{name}", title) for name, title in _BANK.items()],
        },
    ]  # fmt: skip
    failures = [{"title": _title(name), "name": name, "text": text} for name, text in found.items()]
    failures += [{"title": "", "name": "", "text": failure}] if failure else []
    form: Context = {
        "title": _("Company and account"), "action": visit.url.settings("account"), "kind": "settings", "id": "",
        "rev": "", "back": visit.url.settings(), "submit": _("Save"), "groups": groups,
        "hidden": [{"name": "seal", "value": seal}],
        "failures": failures, "draft": "",
    }  # fmt: skip
    return View("form.html", form["title"], "settings", {"form": form}, status=422 if failures else 200)


def _title(place: str) -> str:
    """Return what the control of an account is called."""
    every = {**_ACCOUNT, **{f"company.{name}": title for name, title in _COMPANY.items()}}
    return _({**every, **{f"company.bank.{name}": title for name, title in _BANK.items()}}[place])


@action("/settings/account")
def save_account(visit: Visit) -> Answer:
    """Write what was changed into `crm.yaml`, keeping its comments."""
    _check(visit)
    seal, old = seal_of(visit, "crm"), _account_values(visit)
    typed = {name: visit.form.get(name, old[name]).strip() for name in old}
    changes = [(name.split("."), _scalar(name, text)) for name, text in typed.items() if text != old[name]]
    try:
        unchanged(visit, "crm")
        if changes:
            change_settings(file_of(visit, "crm"), changes, seal=seal)
    except Misplaced as error:
        name = ".".join(map(str, error.place))
        known = {name: error.problem} if name in typed else {}
        return _account_form(visit, seal, typed, "" if known else str(error), known)
    except CrmError as error:
        return _account_form(visit, seal, typed, str(error))
    return Done(_("Settings are saved"), visit.url.settings())


def _scalar(name: str, text: str) -> Any:
    return int(text) if name in _NUMBERS and text.isdecimal() else text


# --- a file as its text -----------------------------------------------------------------------------------------------


def _known(visit: Visit, name: str) -> None:
    if name not in config_names(visit.crm.root):
        raise NotFound(_("There is no file {name}.yaml in config/.").format(name=name), _("Look in the settings."))


def _text(visit: Visit, name: str) -> str:
    _known(visit, name)
    return config_file(visit.crm.root, name).read_text(encoding="utf-8-sig")


@page("/settings/file/<name>")
def file(visit: Visit, name: str) -> View:
    """Show a file of the settings as its text."""
    _check(visit)
    seal = seal_of(visit, name)
    return _file_form(visit, name, _text(visit, name), seal, "")


def _file_form(visit: Visit, name: str, text: str, seal: str, failure: str) -> View:
    shown: Context = {
        "title": f"config/{name}.yaml", "action": visit.url.settings(f"file/{name}"), "text": text, "seal": seal,
        "failure": failure, "back": visit.url.settings(), "rows": min(max(text.count("\n") + 2, 12), 40),
        "draft": f"settings/{name}/{seal}",
    }  # fmt: skip
    status = 422 if failure else 200
    return View("settings_file.html", shown["title"], "settings", {"file": shown}, {"text": text}, status)


@action("/settings/file/<name>")
def save_file(visit: Visit, name: str) -> Answer:
    """Save the text of a file once it is checked; refused when someone else has changed the file meanwhile."""
    _check(visit)
    _known(visit, name)
    text, seal = visit.form.get("text").replace("\r\n", "\n"), visit.form.get("seal")
    try:
        check_seal(file_of(visit, name), seal)
        save_text(file_of(visit, name), text, declared(visit.crm, name), seal)
    except CrmError as error:
        return _file_form(visit, name, text, seal, str(error))
    return Done(_("{name}.yaml is saved").format(name=name), visit.url.settings(f"file/{name}"))


# --- plugins ----------------------------------------------------------------------------------------------------------


@page("/settings/plugins")
def plugins(visit: Visit) -> View:
    """Show the plugins with their state."""
    _check(visit)
    listed = [
        {
            "name": one.name, "summary": _(one.summary), "origin": one.origin, "error": one.error,
            "on": one.works, "switchable": not one.error or one.disabled, "action": visit.url.settings("plugins"),
        }
        for one in visit.crm.plugins.all.values()
    ]  # fmt: skip
    return View("settings_plugins.html", _("Plugins"), "settings", {"plugins": listed})


@action("/settings/plugins")
def switch(visit: Visit) -> Done:
    """Switch a plugin on or off."""
    name = visit.form.get("name")
    if visit.form.get("do") == "on":
        switch_on(visit.crm, name)
        return Done(_("The plugin «{name}» is on").format(name=name), visit.url.settings("plugins"))
    switch_off(visit.crm, name)
    return Done(_("The plugin «{name}» is off").format(name=name), visit.url.settings("plugins"))
