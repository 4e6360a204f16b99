"""Calls as the telephone exchange tells of them: logged, and called back when nobody answered (I3, T5)."""
