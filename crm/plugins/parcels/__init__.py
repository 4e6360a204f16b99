"""Letters with a paper of ours: an invoice to the accountant, a quote or a price list to a client, each sent once."""
