"""REST method families outside CRM. Every module here is imported at start and registers its methods."""
