"""The Mini App in a real browser, inside a small stand-in for Telegram's frame."""
