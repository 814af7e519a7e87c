"""What the commands do: one small module each, and what they share."""
