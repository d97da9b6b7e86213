"""Reading the register of households."""

from households.queries.members import members_with_number
from households.queries.register import MemberOnFile, Register, register_of

__all__ = ["MemberOnFile", "Register", "members_with_number", "register_of"]
