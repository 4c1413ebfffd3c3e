"""Sending one message through one channel, to checked addresses only."""
