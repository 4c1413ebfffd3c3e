"""What leadership does: the verbs of its nouns, a file each."""
