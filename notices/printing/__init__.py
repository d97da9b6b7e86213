"""Sheets for the wall: what they say, as data, and the press that sets them as PDF."""
