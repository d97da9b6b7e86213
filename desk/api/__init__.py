"""The API as a whole: its addresses, its document, and the acts that span apps."""
