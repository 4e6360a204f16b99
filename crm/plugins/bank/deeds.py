"""What the buttons of the page of the bank do; each answers with what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm.errors import InvalidValue
from crm.locale import _
from crm.plugins.bank.telling import summary, told

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crm.plugins.bank.movements import BankMovements
    from crm.plugins.invoices.invoices import Invoices
    from crm.workspace import Workspace

_PAGE = "/p/bank"


def take_statement(crm: Workspace, form: Mapping[str, Any]) -> tuple[str, str]:
    """Take in the statement that was chosen."""
    data = form.get("file")
    if not isinstance(data, bytes) or not data:
        raise InvalidValue(_("No statement was chosen."), _("Choose the file that the bank made for 1C."))
    movements: BankMovements = crm.collection("bank_movement")  # type: ignore[assignment]
    imported = movements.take_in({str(form.get("file_name") or "kl_to_1c.txt")[-100:]: data})
    crm.warnings.extend(imported.warnings[:5])
    return summary(imported), _PAGE


def sort_out(crm: Workspace, form: Mapping[str, Any]) -> tuple[str, str]:
    """Do with a movement what its button says: confirm, reject, ignore, match, unmatch; or look again at all."""
    movements: BankMovements = crm.collection("bank_movement")  # type: ignore[assignment]
    wanted, key = str(form.get("do", "")), str(form.get("id", ""))
    if wanted == "rematch":
        changed = movements.rematch()
        return _("Changed: {count}.").format(count=len(changed)), _PAGE
    if wanted == "match":
        return told(movements.match(key, _invoice(crm, form), form.get("amount") or None)), _PAGE
    verbs = {
        "confirm": movements.confirm,
        "reject": movements.reject,
        "ignore": movements.ignore,
        "unmatch": movements.unmatch,
    }
    if wanted not in verbs:
        raise InvalidValue(_("It is not said what to do with the movement."), _("Use the buttons of the page."))
    return told(verbs[wanted](key)), _PAGE


def _invoice(crm: Workspace, form: Mapping[str, Any]) -> str:
    """Return the invoice that was written: its number, or a reference; raise InvalidValue."""
    text = str(form.get("invoice", "")).strip()
    if not text:
        raise InvalidValue(_("It is not said which invoice."), _("Write the number of the invoice beside the button."))
    if text.startswith("invoice/"):
        return text
    invoices: Invoices = crm.collection("invoice")  # type: ignore[assignment]
    found = invoices.having("number", text)
    open_ = [one for one in found if one.balance and one.balance.amount] or found
    if len(open_) == 1:
        return open_[0].ref
    if not open_:
        raise InvalidValue(_("There is no invoice No. {number}.").format(number=text), _("Choose it from the list."))
    refs = ", ".join(one.ref for one in open_)
    raise InvalidValue(
        _("Several invoices have the number {number}.").format(number=text), _("Write one of: {refs}").format(refs=refs)
    )
