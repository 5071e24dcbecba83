"""Dates as the office writes them, where Django's own formats for a language differ."""
