"""Pages of the base tier, a file for each noun."""
