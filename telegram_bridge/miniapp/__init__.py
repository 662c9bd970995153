"""The Mini App: what buyers and factories fill in, look through and decide inside Telegram."""
