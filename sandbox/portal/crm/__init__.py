"""CRM: entities, pipelines, directories, user fields. Every module here is imported at start."""
