"""English, as in London."""
