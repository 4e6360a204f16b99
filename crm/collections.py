"""The collections of a workspace under their own names: `crm.leads`, `crm.deals`, and those that plugins bring."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from crm.sales.activities import Activities
    from crm.sales.clients import Companies, Contacts
    from crm.sales.collection import Collection
    from crm.sales.deals import Deals
    from crm.sales.leads import Leads
    from crm.sales.products import Products
    from crm.sales.users import Users


class Collections:
    """The names; what stands behind them is `collection`."""

    def collection(self, noun: str) -> Collection[Any]:
        """Return the records of a noun, named in the singular or the plural."""
        raise NotImplementedError

    @property
    def leads(self) -> Leads:
        """Return the leads."""
        return self.collection("lead")  # type: ignore[return-value]

    @property
    def contacts(self) -> Contacts:
        """Return the contacts."""
        return self.collection("contact")  # type: ignore[return-value]

    @property
    def companies(self) -> Companies:
        """Return the companies."""
        return self.collection("company")  # type: ignore[return-value]

    @property
    def deals(self) -> Deals:
        """Return the deals."""
        return self.collection("deal")  # type: ignore[return-value]

    @property
    def activities(self) -> Activities:
        """Return the activities."""
        return self.collection("activity")  # type: ignore[return-value]

    @property
    def products(self) -> Products:
        """Return the products."""
        return self.collection("product")  # type: ignore[return-value]

    @property
    def users(self) -> Users:
        """Return the users."""
        return self.collection("user")  # type: ignore[return-value]
