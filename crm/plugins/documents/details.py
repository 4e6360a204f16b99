"""The requisites that a form takes from other papers of the same sale: contract, payments, shipment, warrant."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from crm.errors import InvalidValue, Refused
from crm.locale import _
from crm.model.vat import NO_VAT
from crm.plugins.documents.forms import ADVANCES_SINCE, is_ours
from crm.plugins.documents.requisites import person_of, to_whom
from crm.plugins.documents.source import payments_of

if TYPE_CHECKING:
    from crm.model.fields import Doc
    from crm.sales.desk import Desk

SHIPPING = ("waybill", "act", "upd")
_WARRANT_DAYS = 10


def details_of(crm: Desk, doc: Doc, day: date) -> dict[str, str]:
    """Return the details of a new document: those given, and what other papers say where nothing was given."""
    if not is_ours(doc["kind"]):
        return dict(doc.get("details") or {})
    given = dict(doc.get("details") or {})
    found = {**_invoice(crm, doc), **_contract(crm, doc, day), **_own(crm, doc, day), **given}
    if doc["kind"] == "upd":
        found["status"] = _status(doc, given)
    return {name: text for name, text in found.items() if text}


def _invoice(crm: Desk, doc: Doc) -> dict[str, str]:
    if not doc.get("invoice"):
        return {}
    invoice = crm.record(doc["invoice"]).doc
    return {"invoice": invoice["number"], "invoice_date": invoice["date"]}


def _own(crm: Desk, doc: Doc, day: date) -> dict[str, str]:
    """Return the details that a kind has of its own."""
    match doc["kind"]:
        case "vat_invoice" | "upd":
            shipped = _shipments(crm, doc, day) if doc["kind"] == "vat_invoice" else ""
            return {**_paid(crm, doc, day), "shipment": shipped}
        case "advance_vat_invoice":
            return _paid(crm, doc, day)
        case "waybill":
            return _warrant(crm, doc, day)
        case "power_of_attorney":
            return _attorney(crm, doc, day)
    return {}


def _status(doc: Doc, given: dict[str, str]) -> str:
    """Return the status of a УПД: 1 stands for a счёт-фактура too, 2 for the shipment alone."""
    taxed = any(item.get("vat", NO_VAT) != NO_VAT for item in doc["items"])
    status = given.get("status") or ("1" if taxed else "2")
    if status not in ("1", "2"):
        raise InvalidValue(_("A УПД has no status «{status}».").format(status=status), _("Write 1 or 2."))
    if status == "1" and not taxed:
        raise Refused(
            _("A УПД of status 1 is a счёт-фактура, and nothing of this is subject to VAT."),
            _("Leave the status out: it becomes 2."),
        )
    return status


def _of_kind(crm: Desk, kind: str, field: str, ref: str | None, day: date) -> list[Any]:
    """Return the documents of a kind about an invoice or a deal, made up to a day, the oldest first."""
    if not ref:
        return []
    found = [one for one in crm.collection("document").having(field, ref) if one.doc["kind"] == kind]
    return sorted((one for one in found if one.doc["date"] <= day.isoformat()), key=lambda one: one.id)


def _contract(crm: Desk, doc: Doc, day: date) -> dict[str, str]:
    made = _of_kind(crm, "contract", "deal", doc.get("deal"), day) if doc["kind"] != "contract" else []
    if made:
        contract = made[-1].doc
        return {"contract": contract["number"], "contract_date": contract["date"]}
    return {}


def _paid(crm: Desk, doc: Doc, day: date) -> dict[str, str]:
    """Return lines 5 and 5б of a счёт-фактура: payment orders before the shipment, счета-фактуры of the advance."""
    orders = [one.doc for one in payments_of(crm, doc["invoice"], day) if one.doc.get("reference")]
    found = {"payments": "; ".join(_numbered(one["reference"], one["date"]) for one in orders)}
    if doc["kind"] != "advance_vat_invoice" and day >= ADVANCES_SINCE:
        advances = _of_kind(crm, "advance_vat_invoice", "invoice", doc["invoice"], day)
        found["advances"] = "; ".join(_numbered(one.doc["number"], one.doc["date"]) for one in advances)
    return found


def _shipments(crm: Desk, doc: Doc, day: date) -> str:
    """Return line 5а: each paper of the shipment with the numbers of the lines that it bears."""
    names = {"waybill": "Товарная накладная", "act": "Акт", "upd": "УПД"}
    found = [one.doc for kind in SHIPPING for one in _of_kind(crm, kind, "invoice", doc["invoice"], day)]
    said = []
    for paper in found:
        numbers = _places(doc["items"], paper["items"])
        if numbers:
            said.append(f"{names[paper['kind']]}, № п/п {numbers} {_numbered(paper['number'], paper['date'])}")
    return "; ".join(said)


def _places(items: list[Doc], shipped: list[Doc]) -> str:
    places = [place for place, item in enumerate(items, 1) if item in shipped]
    if places and places == list(range(places[0], places[-1] + 1)) and len(places) > 1:
        return f"{places[0]}-{places[-1]}"
    return ", ".join(map(str, places))


def _warrant(crm: Desk, doc: Doc, day: date) -> dict[str, str]:
    found = _of_kind(crm, "power_of_attorney", "invoice", doc["invoice"], day)
    if not found:
        return {}
    warrant = found[-1].doc
    issuer = warrant["buyer"].get("legal_name") or warrant["buyer"].get("name", "")
    to = warrant.get("details", {}).get("person", "")
    return {"warrant": warrant["number"], "warrant_date": warrant["date"],
            "warrant_by": ", ".join(filter(None, (issuer, to)))}  # fmt: skip


def _attorney(crm: Desk, doc: Doc, day: date) -> dict[str, str]:
    """Return who gets a power of attorney, what by, until when: ten days where nobody says."""
    name, post = person_of(crm, doc.get("contact"))
    given = doc.get("details") or {}
    person = "" if "person" in given else to_whom(name, post)
    return {"person": person, "surname": name, "valid_until": (day + timedelta(days=_WARRANT_DAYS)).isoformat()}


def _numbered(number: str, day: str) -> str:
    return f"№ {number} от {date.fromisoformat(day):%d.%m.%Y}"
