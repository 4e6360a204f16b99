"""Reports: the funnel, sales, the cycle, losses, sources, leads, stages; other plugins bring theirs beside them."""
