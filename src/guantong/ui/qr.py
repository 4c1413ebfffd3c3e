"""QR codes, drawn here: nothing leaves the server."""

from __future__ import annotations

import segno


def qr_code(text: str, *, scale: int = 4) -> str:
    """The text as an SVG data address; ``scale`` is the side of one module in pixels."""
    return str(segno.make(text, error="m").svg_data_uri(scale=scale, border=2))
