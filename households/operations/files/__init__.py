"""Acts on files: each is one transaction, one line of the file's history, one event."""
