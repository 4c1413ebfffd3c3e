"""Changes at the base tier, a file for each noun."""
