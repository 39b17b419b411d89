"""A clinic's morning through the gateway of the running suite, and whether what Guichet promises was kept."""
