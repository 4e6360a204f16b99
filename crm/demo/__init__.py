"""A believable company for `crm init --demo`: a few hundred records over the last months, made by the verbs."""

from __future__ import annotations

from crm.demo.story import fill, founded

__all__ = ["fill", "founded"]
