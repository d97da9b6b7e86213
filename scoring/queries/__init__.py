"""Everything that reads points, rules, months and ratings; one module a subject."""
