"""Texts of the product and their translations. Needs no gettext tools: they are not everywhere."""
