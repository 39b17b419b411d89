"""Fault tests: clients at work while every process is killed in turn, and a verdict on what is left."""
