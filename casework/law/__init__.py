"""The law as pure functions: dates and codes in, dates and codes out; no Django, no clock, no input or output."""
