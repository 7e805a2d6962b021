"""Quality control: measurements over files and what they are worth. No Django; only media_pipeline/media decodes."""
