"""Attachments: hash, size, re-encoded copy, private path (arrives with collection)."""
