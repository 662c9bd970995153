"""Use cases on a real database, each test in a transaction that is rolled back."""
