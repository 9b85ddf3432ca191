"""The shapes of the files as pydantic models: which keys they have, and of what kind.

They check and describe (`schema KIND` prints them); the values that the program works with are
built from checked documents by `core`. pydantic takes longer to import than a score takes to
compute, so this package is imported only for a text that has not been checked before.
"""

from .assessment import AssessmentFile
from .plan import PlanFile
from .roadmap import RoadmapFile
from .rubric import RubricFile
from .settings import SettingsFile
from .values import Shape

__all__ = ["AssessmentFile", "PlanFile", "RoadmapFile", "RubricFile", "SettingsFile", "Shape"]
