"""Published documents: sealed content, periods, masking, and the public pages."""
