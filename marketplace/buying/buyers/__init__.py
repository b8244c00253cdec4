"""Where buyers want their goods sent."""
