"""What quotes and invoices have in common: goods and a client taken from a deal, totals that follow the lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from crm.errors import InvalidValue, Refused
from crm.locale import _
from crm.model.money import Money, check_currency
from crm.model.record import Record
from crm.plugins.quotes.discount import counted, recounted, spread_over
from crm.plugins.quotes.options import last
from crm.sales.collection import Collection, Edit

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from crm.model.fields import Doc
    from crm.store.draft import Draft

R = TypeVar("R", bound=Record)

INHERITED = ("deal", "company", "contact", "items", "vat_included", "own", "discount")


class Papers(Collection[R]):
    """Records with lines of goods, a client and totals."""

    bases: ClassVar[tuple[str, ...]] = ("deal",)
    """Fields that name what a paper is made from, the nearest first."""
    options: ClassVar[bool] = False
    """Whether lines may be offered without being counted."""

    # --- a new paper -------------------------------------------------------------------------------------------------

    def given(self, values: dict[str, object]) -> dict[str, object]:
        """Return the values of a new paper: what its deal or quote says where nothing was given, lines, totals.

        `currency` (of prices, the workspace's by default) is no field, it stands in the totals.
        """
        values = {name: value for name, value in values.items() if value is not None and value not in ("", [], ())}
        self._refuse_fixed(values)
        self._keep_number(values)
        currency = check_currency(str(values.pop("currency", "") or self._currency_of_basis(values)))
        values = {**self._inherited(values), **values}
        own = str(values.get("own") or "")
        included = self._included(values, own)
        day = self._day_of_shipment(values)
        items = self._lines(values.get("items") or [], included, currency, day, own)
        items = self._less(items, values.get("discount"), included=included)
        return {**values, "vat_included": included, "items": items, **self._totals(items, currency)}

    def _refuse_fixed(self, values: dict[str, object]) -> None:
        for name in values:
            if name not in ("currency", *self.noun.entity.born_with) and self.noun.field(name)[0].fixed:
                raise Refused(_("«{field}» is not written by hand.").format(field=name), self.fixed_remedy(name))

    def _keep_number(self, values: dict[str, object], but: int = 0) -> None:
        """Read a number given by hand; raise Refused where another paper of the same company and year bears it."""
        if values.get("number"):
            from crm.plugins.quotes.numbering import refuse_taken

            values["number"] = any_text(values["number"])
            year = self._day(values).year
            refuse_taken(self.crm, self.noun.name, str(values["number"]), year, str(values.get("own") or ""), but)

    def _currency_of_basis(self, values: dict[str, object]) -> str:
        for basis in self._basis_docs(values):
            if "total" in basis and "items" not in values:
                return str(basis["total"]["currency"])
        return self.crm.settings.currency

    def _inherited(self, values: dict[str, object]) -> dict[str, object]:
        found: dict[str, object] = {}
        for doc in self._basis_docs(values):
            taken: dict[str, object] = {name: doc[name] for name in INHERITED if name in doc}
            if "items" in values:
                taken.pop("discount", None)
            if "items" in taken:
                taken["items"] = counted(doc["items"])
            if doc.get("contacts"):
                taken["contact"] = doc["contacts"][0]
            found = {**taken, **found}
        return found

    def _basis_docs(self, values: dict[str, object]) -> Iterable[Doc]:
        """Yield the documents of what a paper is made from, and of what those were made from."""
        known = dict(values)
        for kind in self.bases:
            if known.get(kind):
                ref = str(self.noun.read({kind: known[kind]}, self.crm.customs)[kind])
                doc = self.crm.record(ref).doc
                known = {**doc, **known}
                yield doc

    def _included(self, values: dict[str, object], own: str = "") -> bool:
        company = self.crm.settings.own_company(own)
        if "vat_included" not in values:
            return company.vat_included
        return bool(self.noun.read({"vat_included": values["vat_included"]}, self.crm.customs)["vat_included"])

    def _day(self, values: dict[str, object]) -> date:
        from datetime import date

        stored = self.noun.read({"date": values.get("date")}, self.crm.customs)["date"]
        return date.fromisoformat(stored) if stored else self.crm.today()

    def _day_of_shipment(self, values: dict[str, object]) -> date:
        """Return the day that decides the rates of VAT: of shipment where it is known, else of the paper."""
        from datetime import date

        if "shipment" in self.noun.fields and values.get("shipment"):
            return date.fromisoformat(self.noun.read({"shipment": values["shipment"]}, self.crm.customs)["shipment"])
        return self._day(values)

    def _lines(self, raw: object, included: bool, currency: str, day: date | None = None, own: str = "") -> list[Doc]:
        from crm.sales import goods

        values, payer = raw if isinstance(raw, list | tuple) else [raw], self.crm.settings.own_company(own).vat_payer
        built = [
            recounted(line, included=included)
            for line in goods.lines(
                self.crm, list(values), included=included, currency=currency, day=day, payer=payer, options=self.options
            )
        ]
        return last(built)

    def _less(self, items: list[Doc], discount: object, *, included: bool) -> list[Doc]:
        """Return the lines less a discount on the whole; without one they stay as they are."""
        text = self.noun.read({"discount": discount}, self.crm.customs)["discount"]
        return spread_over(items, str(text), included=included) if text else items

    def _totals(self, items: list[Doc], currency: str) -> dict[str, object]:
        from crm.model.vat import totals

        sums = totals(counted(items))
        return {name: Money(getattr(sums, name), currency).to_json() for name in ("total", "vat")}

    def default_owner(self, doc: Doc) -> str:
        """Return who owns a new paper for which nobody was named: whoever owns its deal, else its author."""
        deal = self.crm.record(doc["deal"]).doc if doc.get("deal") else {}
        return str(deal.get("owner") or self.crm.actor)

    # --- a paper that is there ---------------------------------------------------------------------------------------

    def _edited(self, stored: Doc, edits: list[Edit]) -> Doc:
        others = [edit for edit in edits if edit.name != "items"]
        fields = super()._edited(stored, others)
        items = stored.get("items", [])
        for edit in edits:
            if edit.name == "items":
                if edit.op == "-=":
                    raise InvalidValue(
                        _("A line of goods cannot be taken away by its text."), _("Give all lines: items=…")
                    )
                added = self._lines(
                    edit.raw or [],
                    *self._terms(stored, fields),
                    self._day_of_shipment({**stored, **fields}),
                    str(fields.get("own", stored.get("own")) or ""),
                )
                items = [*items, *added] if edit.op == "+=" else added
                fields["items"] = items or None
        return fields

    def _terms(self, stored: Doc, fields: Doc) -> tuple[bool, str]:
        included = fields.get("vat_included", stored.get("vat_included", True))
        return bool(included), str(stored["total"]["currency"])

    def change(self, draft: Draft, stored: Doc, fields: Doc) -> None:
        """Draft a change; totals follow the lines and the way VAT is counted."""
        if fields.keys() & {"items", "vat_included", "discount"}:
            included, currency = self._terms(stored, fields)
            items = self._lines(fields.get("items", stored.get("items")) or [], included, currency)
            discount = fields.get("discount", stored.get("discount"))
            if discount or stored.get("discount"):
                items = spread_over(items, str(discount or ""), included=included)
            fields = {**fields, "items": items or None, **self._totals(items, currency)}
        super().change(draft, stored, fields)

    def refuse_change(self, stored: Doc, fields: Doc, names: Iterable[str], why: str, remedy: str) -> None:
        """Raise Refused when `fields` would change one of `names`."""
        for name in names:
            if name in fields and fields[name] != stored.get(name):
                raise Refused(
                    _("{ref}: «{field}» cannot change: {why}.").format(ref=self._ref(stored), field=name, why=why),
                    remedy,
                )


def any_text(value: Any) -> str:
    """Return a value as a text on one line, empty for none."""
    return " ".join(str(value or "").split())


def status_of(doc: Doc) -> str:
    """Return a paper's status in the current language."""
    status = str(doc["status"])
    return _(status)
