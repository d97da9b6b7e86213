"""The bench: the work of performance.md beside its floor and beside other designs, in one run."""

import django

# Before the modules of this package, which import models.
django.setup()
