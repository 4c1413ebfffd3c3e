"""A township as one picture: its commissioner, its liaison officers, its homes, and what goes between them."""
