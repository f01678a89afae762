"""The doors of the auditor's room, a file for each thing one does there."""
