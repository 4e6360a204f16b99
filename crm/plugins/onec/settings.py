"""What `config/onec.yaml` holds."""

from __future__ import annotations

from typing import Literal

from crm.model.shape import Shape


class OnecSettings(Shape):
    """How the exchange with 1C works.

    `serve` switches the address on that 1C polls; `version` is the CommerceML that goes out; `zip` packs what 1C pulls
    and asks it to pack what it pushes; `file_limit` is how many bytes one file of 1C may have.
    """

    serve: bool = False
    version: Literal["2.08", "2.09", "2.10"] = "2.08"
    zip: bool = False
    file_limit: int = 104_857_600
