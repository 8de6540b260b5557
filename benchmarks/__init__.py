"""Benchmarks: what `debate` costs beyond its model calls. See docs/benchmarks.md for method and figures."""
