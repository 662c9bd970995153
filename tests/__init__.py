"""The promises of the program, each kept by a machine."""
