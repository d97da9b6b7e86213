"""Pages of township and village staff: what is due, and the way of a month to its archive."""
