"""Automation of CRM: robots on stages, waiting for applications, triggers, workflows and their log."""
