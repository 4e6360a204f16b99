"""The clock of the first answer to a lead (X18): how long it waited in working time, and whether that was in time."""
