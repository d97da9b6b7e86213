"""The demo: invented people on real village lists, the same on every machine.

Business dates are fixed (November 2025 to October 2026); notice periods run from the day the
site is started. Every page of it says 演示数据，非真实公示.
"""
