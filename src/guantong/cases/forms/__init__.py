"""The shapes of what people type about cases: applicants and offices, a file each."""
