"""The machines' door to petitions: the same acts and lists under /api/v1/, the same scope."""
