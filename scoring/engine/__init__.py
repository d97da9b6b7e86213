"""Pure scoring arithmetic: facts in, verdicts out; no Django, clock, database or settings."""
