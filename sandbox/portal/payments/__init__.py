"""Payments and deliveries of CRM items."""
