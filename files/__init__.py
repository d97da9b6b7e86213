"""Private files: exports now, attachments with their hash, size and re-encoded copy later."""
