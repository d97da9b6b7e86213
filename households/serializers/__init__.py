"""Files and collection as programs read and write them."""

from households.serializers.subjects import SubjectSerializer

__all__ = ["SubjectSerializer"]
