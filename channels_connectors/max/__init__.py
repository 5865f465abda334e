"""The MAX messenger: bots of its platform API."""
