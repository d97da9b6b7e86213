"""People who log in, their roles and scope, and proposals: acts that need two persons."""
