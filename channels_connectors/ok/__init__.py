"""Odnoklassniki: bots of groups."""
