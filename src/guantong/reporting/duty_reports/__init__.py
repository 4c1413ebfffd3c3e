"""The year-end duty report: a draft from the records, each sentence with its sources, and what is missing too."""
