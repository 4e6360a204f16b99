"""What one does with a quote on its card, beside its usual way: it goes by e-mail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crm.plugins.quotes.quotes import Quotes
    from crm.workspace import Workspace


def mail(crm: Workspace, form: Mapping[str, Any]) -> str:
    """Send a quote by e-mail, to the contact of the deal by default."""
    from crm.plugins.parcels.deeds import hand_over

    quotes: Quotes = crm.collection("quote")  # type: ignore[assignment]
    to, text = str(form.get("to") or "").strip(), str(form.get("text") or "").strip()
    return hand_over(crm, quotes.mail(str(form.get("record") or ""), to, text))
