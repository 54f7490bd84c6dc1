"""Learns ``nlp/data/weights.csv`` from labelled lines. Run by hand; not part of what a district runs."""
