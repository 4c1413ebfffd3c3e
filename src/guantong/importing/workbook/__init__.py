"""Reading task workbooks as offices write them: tables found, deadlines and units understood, nothing guessed."""
