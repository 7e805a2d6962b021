"""Static files under names that carry their digest, so that browsers may keep them for ever."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage


class DigestedFiles(CompressedManifestStaticFilesStorage):
    """Scripts import each other under these names too: otherwise an old part could meet a new one."""

    support_js_module_import_aggregation = True
