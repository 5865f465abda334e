"""Viber bots."""
