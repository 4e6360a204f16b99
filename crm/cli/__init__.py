"""The command line: one file a noun or a subject. Only here is click imported; the work is done by the workspace."""
