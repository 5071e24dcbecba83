"""Addresses of the interface: fetch what the token reaches, one verb or one question, answer."""
