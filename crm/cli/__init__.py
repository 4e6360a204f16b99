"""The command line: one file a noun or a subject. Only here is click imported; what a command does is in the workspace."""
