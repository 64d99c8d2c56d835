"""Review in the terminal: the record on the left, its source on the right, one key a decision."""
