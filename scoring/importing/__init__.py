"""Reads a village's own points workbook: pure, writes nothing, invents nothing."""
