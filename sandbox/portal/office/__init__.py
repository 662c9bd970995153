"""Calendars, calls and message senders."""
