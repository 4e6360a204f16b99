"""Documents that go with an invoice (акты and what plugins add): made once, printed alike for ever."""

from __future__ import annotations
