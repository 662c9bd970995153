"""What the bot does with each kind of update: one module per kind, each with `handle(reply, …)`."""
