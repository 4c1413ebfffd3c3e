"""贯通 Guantong: a layered accountability mechanism run as one loop."""

__version__ = "0.1.0"
