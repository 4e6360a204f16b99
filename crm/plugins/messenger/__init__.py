"""Messengers: what people write in Telegram and elsewhere, bound to clients and answered from the card (I5)."""
