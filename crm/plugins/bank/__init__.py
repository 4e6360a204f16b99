"""Bank statements: what the bank says came in and went out, and which invoices that pays."""

from __future__ import annotations
