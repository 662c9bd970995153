"""The trade catalogue: products, basics only."""
