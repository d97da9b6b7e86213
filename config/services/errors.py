"""What can go wrong before Django is loaded, said in one line."""


class ServerUnavailable(Exception):
    """A server cannot be found, started or reached; the message says what to do about it."""
