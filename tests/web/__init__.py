"""Tests of the web page: in process, and in a real browser."""
