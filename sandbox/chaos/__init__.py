"""Proof by disturbance: many people talk and trade while everything around them breaks; nothing may be lost or come twice."""
