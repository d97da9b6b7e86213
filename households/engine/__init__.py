"""Forms, answers and conflicts as pure functions over plain data; no database, no clock."""
