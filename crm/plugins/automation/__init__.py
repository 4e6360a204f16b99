"""Rules: when something happens, or every day, and a condition holds, then do this (U1–U4, U11, X17, N5)."""
