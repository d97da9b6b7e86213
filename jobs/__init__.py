"""Long work as rows: lease, fence, progress and result; receipts; the sweeper."""
