"""Reads a township's own household sheet: pure, writes nothing, invents nothing."""
