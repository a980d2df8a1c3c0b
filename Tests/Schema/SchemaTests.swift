// No test here yet: the room is not reached.
