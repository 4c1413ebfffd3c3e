"""Outside organisations, enterprises and chambers; a person only by their own consent, each with their own key."""
