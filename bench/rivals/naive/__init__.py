"""What a points site usually looks like: a balance column and a history table, by the ORM."""
