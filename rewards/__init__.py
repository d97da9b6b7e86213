"""The points shop, merchants' benefits, awards and plates (arrive after reviews)."""
