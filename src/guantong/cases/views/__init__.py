"""Pages of cases: those of offices, and those of anybody."""
