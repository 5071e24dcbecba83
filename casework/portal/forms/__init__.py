"""What citizens type, by the page on which they type it."""
