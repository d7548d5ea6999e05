"""Putting the clients where their hosts find them, and taking them away again.

``copying`` puts files into a folder and remembers which; ``reaper`` knows REAPER's folders and our
scripts; ``reapack`` writes the index by which ReaPack installs the same scripts.
"""
