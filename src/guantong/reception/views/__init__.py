"""Pages of reception: public ones, one's own booking, and the office's."""
