"""What people do with a dispute. One function per act; the only writer."""
