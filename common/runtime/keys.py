import base64
import os


def new_key() -> str:
    """32 random bytes in the alphabet that Fernet and environment files take alike."""
    return base64.urlsafe_b64encode(os.urandom(32)).decode()
