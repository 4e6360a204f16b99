"""Quotes (коммерческие предложения): goods and prices that a client is offered before the invoice."""
