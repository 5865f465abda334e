"""docs/channels.md, made of what the code and the tests say: ``bin/channel-tables`` writes it."""
