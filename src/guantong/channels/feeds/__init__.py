"""Calendar feeds: what is due, which meetings and reception days, for the offices a person may act for."""
