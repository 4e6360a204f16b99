"""Reports: the funnel, sales, the cycle, losses, sources, leads and stages, and whatever reports other plugins bring."""
