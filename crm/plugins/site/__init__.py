"""The site: forms and orders come in (I1, U8), stages go back to the personal cabinet of the client (U9)."""
