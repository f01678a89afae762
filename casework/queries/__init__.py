"""What can be asked. Never writes."""
