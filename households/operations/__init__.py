"""Writing the register of households."""
