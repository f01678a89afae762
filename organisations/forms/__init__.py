"""What a person types about people, units, posts and themselves, checked for shape."""
