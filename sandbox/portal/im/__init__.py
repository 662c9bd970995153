"""Chats, messages and notifications of the portal's people."""
