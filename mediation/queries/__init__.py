"""What can be asked of disputes and of the people who mediate."""
