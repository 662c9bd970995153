"""The rules of the marketplace: pure functions and values, standard library only, no clock, no I/O, no randomness."""
