"""How the installation is: alive, ready, in figures, and in logs that name nobody."""
