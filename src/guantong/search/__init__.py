"""One box over everything an office may see: matters, units, duties, tasks, records, cases, meetings."""
