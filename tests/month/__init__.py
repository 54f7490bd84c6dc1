"""A simulated month of a district through the real processes; ``make month``."""
