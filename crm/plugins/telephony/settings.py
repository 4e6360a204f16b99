"""`config/telephony.yaml`: the secrets of the exchanges, and whose extension is which."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from crm.locale import N_
from crm.model.shape import Shape


class Zadarma(Shape):
    """What Zadarma signs its notices with."""

    titles: ClassVar[Mapping[str, str]] = {
        "secret": N_("Secret"),
    }

    secret: str = ""


class Mango(Shape):
    """What Mango Office signs its notices with."""

    titles: ClassVar[Mapping[str, str]] = {
        "key": N_("Key"),
        "salt": N_("Salt"),
    }

    key: str = ""
    salt: str = ""


class TelephonySettings(Shape):
    """`config/telephony.yaml`; an empty secret switches its exchange off.

    `people` says whose extension is which, `lines` of which source a dialled number of ours is.
    """

    heading = N_("Telephony")
    titles: ClassVar[Mapping[str, str]] = {
        "token": N_("Token of other exchanges"),
        "zadarma": N_("Zadarma"),
        "mango": N_("Mango Office"),
        "people": N_("Extensions, each line as number: login"),
        "lines": N_("Sources of our numbers, each line as number: source"),
    }

    token: str = ""
    zadarma: Zadarma = Zadarma()
    mango: Mango = Mango()
    people: Mapping[str, str] = {}
    lines: Mapping[str, str] = {}
