"""What happens to reception days and bookings, by whom: a file for each noun."""
