"""Who may do what at the base tier, a file for each noun."""
