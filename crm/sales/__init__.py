"""The verbs of sales on records: add, move, convert, win, lose, undo … They use the model and the store, no screen."""
