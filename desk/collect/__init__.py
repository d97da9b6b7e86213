"""The collector's page under /c/: one shell, its words and its service worker."""
