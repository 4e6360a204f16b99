"""What `config/onec.yaml` holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

from crm.locale import N_
from crm.model.shape import Shape


class OnecSettings(Shape):
    """How the exchange with 1C works.

    `serve` switches the address on that 1C polls; `version` is the CommerceML that goes out; `zip` packs what 1C pulls
    and asks it to pack what it pushes; `file_limit` is how many bytes one file of 1C may have.
    """

    heading = N_("Exchange with 1C")
    titles: ClassVar[Mapping[str, str]] = {
        "serve": N_("1C may ask by itself"),
        "version": N_("Version of CommerceML that goes out"),
        "zip": N_("Packed"),
        "file_limit": N_("Largest file of 1C, bytes"),
    }

    serve: bool = False
    version: Literal["2.08", "2.09", "2.10"] = "2.08"
    zip: bool = False
    file_limit: int = 104_857_600
