"""The quick record: kind, what, save – on an old phone, with or without a network."""
