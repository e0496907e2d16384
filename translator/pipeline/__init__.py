"""The verbs: what can be done with posts, callable from Python."""
