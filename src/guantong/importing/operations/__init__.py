"""From a file to an applied import and back, a file per step."""

from guantong.importing.operations.applying import apply_import, try_import
from guantong.importing.operations.checking import check_import, map_import
from guantong.importing.operations.receiving import discard_import, read_import, receive_file
from guantong.importing.operations.undoing import undo_import

__all__ = [
    "apply_import", "check_import", "discard_import", "map_import", "read_import", "receive_file", "try_import",
    "undo_import",
]  # fmt: skip
