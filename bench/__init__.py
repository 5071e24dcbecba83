"""Benchmarks: product and floor in one run, on data built here; ratios are what to trust, times are context."""
