"""What is known about a production: its own records, or a service that is asked over HTTP."""
