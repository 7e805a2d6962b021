"""Records as tables and back: scenes, shots, characters and prompt templates as CSV and XLSX."""
