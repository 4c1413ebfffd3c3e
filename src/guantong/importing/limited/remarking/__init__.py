"""Remarks put into a workbook as it stands: its parts are copied, and of the marked sheets only what must be changes."""
