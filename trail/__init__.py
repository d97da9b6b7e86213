"""The floor: audit events, Actor, Scope, DomainError, encrypted fields, append-only guard."""
