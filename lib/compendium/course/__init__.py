"""A course from what is tested: exercises, notebooks a session, decks, grading, a guide."""
