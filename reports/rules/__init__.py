"""What a figure means and of which days it is. Pure."""
