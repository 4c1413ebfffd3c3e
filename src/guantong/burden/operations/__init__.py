"""What changes in this room: a file for each noun."""
