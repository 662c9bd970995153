"""The Mini App's edge: what it believes, whom it lets in, what it gives to whom."""
