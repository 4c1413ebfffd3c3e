"""Reading what supervision keeps, always within the scope of the office acted for."""
