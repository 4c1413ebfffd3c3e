"""May this office do this? No writes here."""
