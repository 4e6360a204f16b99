"""The paper on which quotes, invoices and acts are printed: facts in, HTML and PDF out; other plugins use it.

Nothing here reads a workspace, numbers a document or counts its totals.
"""
