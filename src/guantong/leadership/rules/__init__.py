"""Who may do what to bodies, meetings, study and publicity; a file for each noun. No writes here."""
