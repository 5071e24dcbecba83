"""``make faults``: real processes are killed while clients file, answer, upload and decide; then nothing is missing.

``stage`` starts and kills the processes, ``clients`` are the people and what they remember, ``mischief`` are the
faults, ``verdict`` compares what the people remember with what is stored.
"""
