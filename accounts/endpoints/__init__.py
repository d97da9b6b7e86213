"""The ground of the API: who asks, what is refused and how, paging, filters, the document."""
