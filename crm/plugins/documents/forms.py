"""The forms that documents are printed by, with the days from which each edition holds."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from crm.errors import Refused
from crm.locale import _

ALWAYS = date.min


class Form(NamedTuple):
    """A form of a kind in a country: its template, its language, the day it holds from, the words of its edition."""

    kind: str
    country: str
    template: str
    lang: str
    since: date = ALWAYS
    edition: str = ""

    @property
    def name(self) -> str:
        """Return what a document notes: the template, and the day of its edition where there are several."""
        return self.template if self.since == ALWAYS else f"{self.template} {self.since.isoformat()}"


_LAW = "Приложение № 1 к постановлению Правительства Российской Федерации от 26 декабря 2011 г. № 1137"
_EDITIONS = (
    (date(2021, 7, 1), f"{_LAW} (в ред. постановления Правительства РФ от 02.04.2021 № 534)"),
    (date(2024, 10, 1), f"{_LAW} (в ред. постановления Правительства РФ от 16.08.2024 № 1096)"),
    (date(2026, 1, 1), "Форма рекомендована письмом ФНС России от 26.12.2025 № СД-4-3/11730@"),
    (date(2026, 4, 1), f"{_LAW} (в ред. постановления Правительства РФ от 23.01.2026 № 26)"),
)
ADVANCES_SINCE = date(2026, 1, 1)
"""From this day on a счёт-фактура names the one for the advance in its line (5б)."""
RULED_FROM = _EDITIONS[0][0]

FORMS = (
    Form("act", "RU", "act", "ru"),
    Form("waybill", "RU", "torg12", "ru"),
    *(
        Form(kind, "RU", template, "ru", since, edition)
        for kind, template in (("vat_invoice", "vat_invoice"), ("advance_vat_invoice", "vat_invoice"), ("upd", "upd"))
        for since, edition in _EDITIONS
    ),
    Form("contract", "RU", "contract", "ru"),
    Form("power_of_attorney", "RU", "m2", "ru"),
    Form("bill", "UA", "bill_uk", "uk"),
    Form("act", "UA", "act_uk", "uk"),
    Form("waybill", "UA", "waybill_uk", "uk"),
    Form("contract", "UA", "contract", "uk"),
)


def kinds_of(country: str) -> list[str]:
    """Return the kinds that a country has forms for; an act can be printed in any."""
    return list(dict.fromkeys(["act", *(form.kind for form in FORMS if form.country == country)]))


def is_ours(kind: str) -> bool:
    """Tell whether a kind is one of these forms rather than one that a plugin brought."""
    return any(form.kind == kind for form in FORMS)


def form_for(kind: str, country: str, day: date) -> Form:
    """Return the form of a kind that holds on a day; raise Refused where the country or the day has none.

    A country without forms of its own has the act of `crm/plugins/paper`, in the language of the workspace.
    """
    of_kind = [form for form in FORMS if form.kind == kind and form.country == country]
    held = [form for form in of_kind if form.since <= day]
    if held:
        return max(held, key=lambda form: form.since)
    if of_kind:
        raise Refused(_("«{kind}» has no form for {date}.").format(kind=kind, date=day),
                      _("Forms are known from {date} on.").format(date=of_kind[0].since))  # fmt: skip
    if kind == "act":
        return Form("act", country, "", "")
    raise Refused(
        _("There is no form of «{kind}» for the country {country}.").format(kind=kind, country=country),
        _("There are: {kinds}.").format(kinds=", ".join(kinds_of(country))),
    )


def form_named(kind: str, name: str) -> Form:
    """Return the form that a document notes, the act of `crm/plugins/paper` for an empty name."""
    found = (form for form in FORMS if form.kind == kind and form.name == name)
    return next(found, Form(kind, "", "", ""))
