"""Pages that show several apps. It has no models."""
