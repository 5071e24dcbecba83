"""What the desk asks for; each form gives the arguments of one verb."""
