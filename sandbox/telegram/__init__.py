"""A stand-in for Telegram: the Bot API server, the people who write to bots, and pages to play them."""
