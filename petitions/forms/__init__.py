"""What people send, checked for shape; what it means is the actions' business."""
