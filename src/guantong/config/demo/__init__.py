"""The demonstration city: Ordos' real divisions, its member units, and a made-up year of plausible work."""
