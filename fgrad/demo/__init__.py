"""The main job: ``python -m fgrad`` takes a lecture's two models through what the lecture does."""
