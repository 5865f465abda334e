def visitor_stream(channel_id: int, visitor: str) -> str:
    """What one visitor's browsers listen to, from before their first word on. Staff's streams are never named so."""
    return f"visitor:{channel_id}:{visitor}"
