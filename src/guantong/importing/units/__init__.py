"""Units from a CSV file: read, check every row, then write all of it or nothing."""
