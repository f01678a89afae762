"""What a person types about disputes, checked for shape."""
