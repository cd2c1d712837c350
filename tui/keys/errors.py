"""The error of keys."""


class KeysUnfit(Exception):
    """Changes of keys that cannot be used; the text names each with its file."""
