"""Open lines: lines and their queues, connectors of applications, dialogs with outside people."""
