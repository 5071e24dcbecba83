"""A generic outbox: messages and the channels that carry them. Knows nothing of cases."""
