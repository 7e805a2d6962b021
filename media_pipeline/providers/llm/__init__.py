"""Language models behind an OpenAI-compatible endpoint, and answers a pipeline can rely on."""
