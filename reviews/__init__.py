"""Declarations, panels, sessions, votes, star rounds and objections (arrive after collection)."""
