"""Deals that repeat: their templates and the deals made from them."""
