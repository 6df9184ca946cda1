"""ONNX Runtime, imported so that it talks to nobody.

From 1.30 on its packages send usage data from the moment they are imported, unless they are told
not to by the environment. What is merged here is nobody else's business; import it from here only.
"""

import os

os.environ["ORT_DISABLE_TELEMETRY"] = "1"

import onnxruntime  # type: ignore[import-untyped]

onnxruntime.disable_telemetry_events()

__all__ = ["onnxruntime"]
