"""The version, in a module that imports nothing, so that `crm --version` is instant."""

from __future__ import annotations

__version__ = "0.1.0"
