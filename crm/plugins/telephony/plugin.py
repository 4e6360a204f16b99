"""Calls of any exchange, Zadarma and Mango Office: logged, and called back when nobody answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.hookspecs import hookimpl
from crm.locale import N_

if TYPE_CHECKING:
    from collections.abc import Callable


@hookimpl
def register_entities(register: Callable[..., None]) -> None:
    """Bring the noun call."""
    from crm.plugins.telephony.call import Call
    from crm.plugins.telephony.calls import Calls

    register(Call, Calls)


@hookimpl
def register_commands(register: Callable[..., None]) -> None:
    """Bring the list of calls and their addresses."""
    register("call", "crm.plugins.telephony.commands:VERBS", help=N_("Calls, as the telephone exchange told of them"))


@hookimpl
def register_pages(register: Callable[..., None]) -> None:
    """Bring the addresses to enter at the exchange, among the settings."""
    place = "crm.plugins.telephony.addresses:page"
    register("telephony", place, title=N_("Addresses for telephony"), menu=False, where="settings")


@hookimpl
def register_settings(register: Callable[..., None]) -> None:
    """Declare `config/telephony.yaml`."""
    from crm.plugins.telephony.settings import TelephonySettings

    register(TelephonySettings)


@hookimpl
def register_endpoints(register: Callable[..., None]) -> None:
    """Bring the addresses that exchanges call."""
    register("call", "crm.plugins.telephony.exchanges:take_call", methods=("POST",), largest=100_000)
    register("zadarma", "crm.plugins.telephony.exchanges:take_zadarma", methods=("GET", "POST"), largest=100_000)
    register("mango", "crm.plugins.telephony.exchanges:take_mango", methods=("POST",), largest=100_000)
