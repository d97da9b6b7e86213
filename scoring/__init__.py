"""Rule books, the ledger, totals, seals, holds, stars and grades, month close."""
