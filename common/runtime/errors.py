class CannotStart(Exception):
    """Says in one sentence, to the person at the terminal, why the product can't start and what to do."""
