"""Activities out, receipts in: chunks, calls in flight, and the pace between them."""
