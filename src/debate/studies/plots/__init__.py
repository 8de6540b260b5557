"""Plots of a report as SVG, drawn for a given width; colours and type are the page's, by class."""
