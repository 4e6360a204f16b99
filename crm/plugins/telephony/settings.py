"""`config/telephony.yaml`: the secrets of the exchanges, and whose extension is which."""

from __future__ import annotations

from collections.abc import Mapping

from crm.model.shape import Shape


class Zadarma(Shape):
    """What Zadarma signs its notices with."""

    secret: str = ""


class Mango(Shape):
    """What Mango Office signs its notices with."""

    key: str = ""
    salt: str = ""


class TelephonySettings(Shape):
    """`config/telephony.yaml`; an empty secret switches its exchange off.

    `people` says whose extension is which, `lines` of which source a dialled number of ours is.
    """

    token: str = ""
    zadarma: Zadarma = Zadarma()
    mango: Mango = Mango()
    people: Mapping[str, str] = {}
    lines: Mapping[str, str] = {}
