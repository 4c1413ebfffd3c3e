"""From a read workbook to a stored task list: finding the units it names, asking what is left."""
