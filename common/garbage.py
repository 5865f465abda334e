"""Keeping Python's garbage collector away from what never becomes garbage."""

import gc


def set_code_aside() -> None:
    """What is loaded by now lives as long as the process. Looking through all of it for garbage would stop every
    thread for a tenth of a second, now and then."""
    gc.collect()
    gc.freeze()
