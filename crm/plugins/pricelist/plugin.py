"""The price list, and the catalogue of 1C in and out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.hookspecs import hookimpl
from crm.locale import N_

if TYPE_CHECKING:
    from collections.abc import Callable


@hookimpl
def register_commands(register: Callable[..., None]) -> None:
    """Bring `crm price`."""
    register("price", "crm.plugins.pricelist.commands:price", help=N_("The price list: shown, printed, sent"))


@hookimpl
def register_pages(register: Callable[..., None]) -> None:
    """Bring the page of the price list."""
    register("price", "crm.plugins.pricelist.page:page", title=N_("Price list"), group="money", icon="tag")


@hookimpl
def register_actions(register: Callable[..., None]) -> None:
    """Bring what the page does."""
    register("price_send", "crm.plugins.pricelist.sending:send")


@hookimpl
def register_importers(register: Callable[..., None]) -> None:
    """Bring the two files of a 1C catalogue, `import.xml` and `offers.xml`."""
    register(
        "1c-catalog", "crm.plugins.pricelist.onec_reading:read", title=N_("Catalogue or prices of 1C"),
        match=["onec_id", "sku"],
    )  # fmt: skip


@hookimpl
def register_exporters(register: Callable[..., None]) -> None:
    """Bring the same two files on their way out."""
    register("1c-catalog", "crm.plugins.pricelist.onec_writing:catalogue")
    register("1c-offers", "crm.plugins.pricelist.onec_writing:offers")


@hookimpl
def register_settings(register: Callable[..., None]) -> None:
    """Declare `config/pricelist.yaml`."""
    from crm.plugins.pricelist.settings import PriceSettings

    register(PriceSettings)
