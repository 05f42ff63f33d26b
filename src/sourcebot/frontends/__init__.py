"""The front ends; none knows another."""
