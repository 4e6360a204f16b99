"""Business processes: steps in a strict order, each an activity of whoever is responsible (U5–U7)."""
