"""Invoices (счета) and the payments against them; acts and other papers are of the plugin `documents`."""
