"""What the program remembers: rows, the unit of work, inbox, outbox, files and migrations."""
