"""Imports in sight, and what a page tells of one."""

from guantong.importing.queries.columns import about_columns
from guantong.importing.queries.imports import imports_visible_to, n_sheets
from guantong.importing.queries.preview import Line, Preview, preview_of, remarks_of

__all__ = ["Line", "Preview", "about_columns", "imports_visible_to", "n_sheets", "preview_of", "remarks_of"]
