"""What people do to the organisation itself: sign in, appoint, stand in, leave. The only writers of these rows."""
