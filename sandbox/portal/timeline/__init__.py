"""The timeline of CRM elements: comments, log entries, activities and their cards."""
