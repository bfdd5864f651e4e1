"""Mail: an outbox in the database, and sending what lies in it."""
