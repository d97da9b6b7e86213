"""Subjects (households, collectives, operators), their members, and collection."""
