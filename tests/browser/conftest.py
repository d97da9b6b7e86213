"""Every test here waits for what is true in the page, as long as a busy machine may need."""

from playwright.sync_api import expect

PATIENCE = 30_000

expect.set_options(timeout=PATIENCE)
