"""Who is asked for what, by what is waiting: a file for each noun, a fixed number of queries each."""
