"""How pages look: base template, components, charts and static files. Knows no other room but kernel."""
