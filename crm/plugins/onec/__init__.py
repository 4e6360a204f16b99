"""Exchange with 1C: invoices go out as orders of CommerceML 2."""

from __future__ import annotations
