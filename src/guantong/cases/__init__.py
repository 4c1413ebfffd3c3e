"""A demand followed to its end: clocks, assignment, answers, call-back, wherever it was raised."""
