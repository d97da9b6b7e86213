"""Townships, villages, units, persons, posts and postings: the territory and who serves in it."""
