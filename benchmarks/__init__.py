"""The speed of the product, as ratios to what cannot be avoided; run with `python -m benchmarks`."""
