"""What holds for every test: one thread each, and no network for models."""

import os

# Threads of several test processes would wait for each other; on two cores that is ten times
# slower than one thread each. Set before torch is imported, and inherited by workers.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("HF_HUB_OFFLINE", "1")
