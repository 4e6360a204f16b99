"""Goal targeting (целевое управление): a goal that is reached moves the deal on by itself."""
