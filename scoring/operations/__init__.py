"""Everything that writes points, rules, months and ratings; one module a subject."""
