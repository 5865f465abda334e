"""Providers, played by HTTP servers that keep to their documentation."""
