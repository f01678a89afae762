"""The disputes of the demo county, told by walking the same actions a user walks. The seed asks for them through `casework.kinds`."""
