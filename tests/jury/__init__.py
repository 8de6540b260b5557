"""Tests of the jury."""
