"""A finished take, worked on again: some stems, or some beats of them, made anew; everything else kept to the bit.

Rooms: ``session`` (what a take keeps for this), ``spans`` (frames to whole beats, and whose notes are heard
where), ``splice`` (old and new sound in one file), ``working`` (the way through them).
"""
