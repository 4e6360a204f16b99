"""The score of a lead (E8): points by rules in YAML for quality, readiness to buy and solvency, explained."""
