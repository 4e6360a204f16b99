"""Mail of the company: letters fetched from its boxes, read, answered and written from the cards («Почта»)."""
