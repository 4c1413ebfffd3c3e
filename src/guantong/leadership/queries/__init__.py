"""Reading bodies, meetings, study and publicity, within the scope of the office acted for; a file for each noun."""
