"""The servers a machine without any needs: PostgreSQL, Valkey, and who starts and stops them.

Nothing here may import Django's settings: the servers decide some of them.
"""
