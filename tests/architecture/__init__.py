"""The shape of the project, kept by a machine."""
