"""Automation, timeline, open lines and the smaller families of the stand-in portal."""
