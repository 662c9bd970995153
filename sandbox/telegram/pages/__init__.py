"""Pages where a person plays the people of this world."""
