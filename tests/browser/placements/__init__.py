"""Our pages inside a stand-in for the portal's window, in a real browser."""
