"""What runs in a child process of its own: opening files of strangers. Nothing here imports Django."""
