"""Files for staff: what stands in them, and how a table becomes a file with a watermark."""
