"""What automation rules of the portal can ask of us: one module per robot, offered as activity too where declared.

A door: it parses the call, runs one service per robot and answers the waiting process through the outbox.
"""
