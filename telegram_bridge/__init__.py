"""The world of Telegram: what the bot hears, what it says, and its Mini App."""
