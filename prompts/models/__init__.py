"""What models are asked, and which model makes what."""

from __future__ import annotations

from .profile import ModelProfile
from .template import Category, PromptTemplate, PromptTemplateVersion, TemplateVariable

__all__ = ["Category", "ModelProfile", "PromptTemplate", "PromptTemplateVersion", "TemplateVariable"]
