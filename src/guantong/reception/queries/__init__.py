"""Reading reception days, bookings and waiting lists: a file for each noun."""
