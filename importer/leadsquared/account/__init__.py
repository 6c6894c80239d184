"""What an account says of itself: its activity types, lead fields, users and leads, and whose keys these are."""
