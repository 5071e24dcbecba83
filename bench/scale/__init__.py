"""What each operation costs as the tables grow, with its floor in the same run (docs/scale.md)."""
