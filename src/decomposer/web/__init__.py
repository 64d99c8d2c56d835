"""The browser face: a review of the queue with the keys of the terminal, on plain HTML forms."""
