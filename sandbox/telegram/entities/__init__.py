"""Formatted text: parse modes, entity clean-up and detection, all counted in UTF-16 units."""
