"""What keys do on the screen of the loop from production back to training."""

from typing import Final

from tui.keys.key import KeyGroup, ScreenEntry

SCREEN: Final = ScreenEntry("loop", "Loop", "Loop", "What deployed guards do, and what it teaches")

GROUPS: Final[tuple[KeyGroup, ...]] = ()
