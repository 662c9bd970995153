"""What people see of the portal in a browser. Reads the portal's state, acts through REST methods as the signed-in person."""
