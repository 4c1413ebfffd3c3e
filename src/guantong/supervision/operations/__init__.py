"""What supervision does: the daily sweep of lights, and the verbs of its nouns, a file each."""

from guantong.supervision.operations.lights import follow_moved_units, sweep_lights

__all__ = ["follow_moved_units", "sweep_lights"]
