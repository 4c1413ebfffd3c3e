"""Bodies and their meetings, study, publicity, hearings, field visits and paired contact."""
