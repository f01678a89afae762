"""What a person types for each act, checked for shape, split by stage of work. Whether it may be done is the action's affair."""
