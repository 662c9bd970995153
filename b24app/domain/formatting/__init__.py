"""Formatted text and its written forms: BB codes, in which texts are kept, and Telegram HTML, in which chats get them. Pure."""
