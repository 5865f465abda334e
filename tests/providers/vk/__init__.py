"""VKontakte as our connectors see it: one community with its messages, its wall and its callback servers.

Made after VKontakte's documentation; what judges it stands in ``tests/providers/test_vk_judged.py``.
"""

from tests.providers.vk.people import PersonHandle
from tests.providers.vk.server import VkSimulator, simulated_vk

__all__ = ["PersonHandle", "VkSimulator", "simulated_vk"]
